"""打印所选: the page with the documents that were ticked, one password, and what came of it."""

import uuid
from typing import Any

import pytest

from support.printing import WORDS, hold
from support.world import World
from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.exchange.services import print_original as parts
from yichuan.exchange.services import print_several as service
from yichuan.lib.gm.sm3 import sm3
from yichuan.org.duties import Duty
from yichuan.seals.services import shares

UNIT = "市环保局"
PAGE, FILE = "/inbox/print/", "/inbox/print/file/"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is typeset and no password stretched: these tests are about the page."""
    monkeypatch.setattr(shares, "_stretched_quicker", lambda password, salt: sm3(password.encode() + salt)[:16])
    monkeypatch.setattr(parts, "original_files", lambda *_: b"%PDF-")
    monkeypatch.setattr(service, "in_one", lambda files, title: b"".join(files))


def _clerk(world: World) -> Any:
    hold(world.units[UNIT], world.clerk[UNIT])
    return world.browser(world.clerk[UNIT])


def _said(*wanted: tuple[Delivery, str], password: str = WORDS) -> dict[str, Any]:
    ids = [str(delivery.pk) for delivery, _ in wanted]
    copies = {f"copies-{delivery.pk}": number for delivery, number in wanted}
    return {"delivery": ids, "key": str(uuid.uuid4()), "password": password, **copies}


def test_the_page_lists_what_was_ticked_in_its_order_and_says_what_cannot_be_printed(world: World) -> None:
    ready, unsigned, others = world.signed_for(UNIT), world.delivery(UNIT), world.signed_for("市卫生局")
    asked = {"delivery": [str(each.pk) for each in (unsigned, ready, others)]}
    page = _clerk(world).get(PAGE, asked).content.decode()
    first, second = (page.index(each.dispatch.document.number or "") for each in (unsigned, ready))
    assert first < second
    assert "还没有签收。先签收，再打印。" in page
    assert f'name="copies-{ready.pk}"' in page
    assert f'name="copies-{unsigned.pk}"' not in page
    assert str(others.pk) not in page


def test_the_file_is_made_and_the_page_then_says_what_was_printed(world: World) -> None:
    first, second, clerk = world.signed_for(UNIT), world.signed_for(UNIT), _clerk(world)
    said = _said((first, "2"), (second, "1"))
    asked = clerk.post(FILE, said, headers={"X-Ask-First": "1", "HX-Request": "true"})
    assert (asked.status_code, PrintedCopy.objects.count()) == (200, 0)
    made = clerk.post(FILE, said | {"password": "", "ticket": asked.content.decode()})
    assert (made.headers["Content-Type"], made.headers["Cache-Control"]) == ("application/pdf", "no-store, private")
    page = clerk.get(PAGE, {"delivery": said["delivery"], "key": said["key"]}, headers={"HX-Request": "true"})
    text = page.content.decode()
    assert "<html" not in text
    assert "2 件，共 3 份" in text
    assert "1、2" in text
    assert 'name="password"' not in text


def test_while_a_file_is_being_made_the_page_says_so_and_asks_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery, clerk, seen = world.signed_for(UNIT), _clerk(world), []
    said = _said((delivery, "1"))

    def look(*_: object) -> bytes:
        seen.append(clerk.get(PAGE, {"delivery": said["delivery"], "key": said["key"]}).content.decode())
        return b"%PDF-"

    monkeypatch.setattr(parts, "original_files", look)
    clerk.post(FILE, said)
    assert "正在生成" in seen[0]
    assert "every 2s" in seen[0]
    assert 'name="password"' not in seen[0]


def test_a_wrong_password_stands_beside_its_field(world: World) -> None:
    delivery, clerk = world.signed_for(UNIT), _clerk(world)
    headers = {"X-Ask-First": "1", "HX-Request": "true"}
    answer = clerk.post(FILE, _said((delivery, "2"), password="Wrong-words-1"), headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="print-password-error"' in page
    assert 'aria-invalid="true"' in page
    assert 'value="2"' in page, "what was typed is still there"
    assert not PrintedCopy.objects.exists()


@pytest.mark.one_database
@pytest.mark.parametrize("copies", ["", "两份", "0", "-1", "99", "9" * 5000, "1.5", "²"])
def test_a_number_of_copies_that_cannot_be_is_named_at_its_document(world: World, copies: str) -> None:
    delivery, clerk = world.signed_for(UNIT), _clerk(world)
    answer = clerk.post(FILE, _said((delivery, copies)))
    assert answer.status_code == 409
    assert "不能打印：" in answer.content.decode()
    assert not PrintedCopy.objects.exists()


def test_nothing_ticked_and_nonsense_are_answered(world: World) -> None:
    delivery, clerk = world.signed_for(UNIT), _clerk(world)
    assert "没有勾选公文" in clerk.get(PAGE).content.decode()
    assert clerk.get(PAGE, {"delivery": "x", "key": "y"}).status_code == 404
    assert clerk.post(FILE, {"delivery": str(delivery.pk), "key": "y"}).status_code == 409
    assert clerk.post(FILE, {"key": str(uuid.uuid4())}).status_code == 422
    many = clerk.get(PAGE, {"delivery": [str(uuid.uuid4()) for _ in range(25)]})
    assert "另外 5 件没有列在这里" in many.content.decode()
    assert clerk.post(FILE, _said((world.signed_for("市卫生局"), "1"))).status_code == 404


def test_who_holds_no_verification_seal_learns_why_instead_of_a_password_field(world: World) -> None:
    delivery = world.signed_for(UNIT)
    page = world.browser(world.clerk[UNIT]).get(PAGE, {"delivery": str(delivery.pk)}).content.decode()
    assert 'name="password"' not in page
    assert "本单位还没有" in page


def test_after_signing_for_several_printing_them_is_one_press_away(world: World) -> None:
    delivery, clerk = world.delivery(UNIT), _clerk(world)
    page = clerk.post("/inbox/sign-for/", {"delivery": str(delivery.pk)}).content.decode()
    assert f'href="{PAGE}?delivery={delivery.pk}"' in page
    again = clerk.post("/inbox/sign-for/", {"delivery": str(delivery.pk)}).content.decode()
    assert "签收：0 件成功" in again, "one that is ticked to be printed is no failure"


def test_who_does_not_print_finds_no_button_and_no_page(world: World) -> None:
    world.signed_for(UNIT)
    leader = world.browser(world.holder(Duty.LEADER, UNIT))
    assert "打印所选" not in leader.get("/inbox/").content.decode()
    assert leader.get(PAGE).status_code == 403
    assert leader.post(FILE).status_code == 403
    assert "打印所选" in _clerk(world).get("/inbox/").content.decode()
