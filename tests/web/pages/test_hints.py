"""The words below the buttons: what comes next, or why a button is off."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from support.pages import tags
from support.world import World
from yichuan.compose.models import Document
from yichuan.compose.templatetags.documents import document_hint, steps
from yichuan.exchange.models import Delivery
from yichuan.exchange.templatetags.deliveries import delivery_hint

pytestmark = pytest.mark.one_database

ALL = {"sign_for": True, "print": True, "copy": True, "return": True}


def delivery(state: str, received: bool = False) -> Delivery:
    at = datetime(2026, 7, 1, tzinfo=UTC) if received else None
    return Delivery(state=state, allowance=3, printed=1 if received else 0, received_at=at)


def test_what_did_not_pass_the_checks_is_to_be_returned_whoever_asks() -> None:
    hint = delivery_hint(delivery("delivered"), ALL, False)
    assert "不能签收。请退回" in hint and "可以申请重发" in hint


def test_who_may_not_sign_is_told_who_does() -> None:
    assert "请本单位文件管理员办理" in delivery_hint(delivery("delivered"), ALL | {"sign_for": False}, True)


def test_before_the_first_print_one_is_told_that_it_is_the_receiving() -> None:
    said = delivery_hint(delivery("signed_for"), ALL, True)
    assert said == "打印原件剩余 3 份，共 3 份。打印或下载以后计为接收，不能再退回。"


def test_who_may_not_print_is_told_who_does() -> None:
    said = delivery_hint(delivery("received", received=True), ALL | {"print": False}, True)
    assert said == "打印原件剩余 2 份，共 3 份。已接收的公文不能退回。打印、下载由有权的岗位办理。"


def test_a_returned_one_offers_nothing() -> None:
    assert delivery_hint(delivery("returned"), ALL, True) == "已退回发文单位，不能再打印、下载。"


@pytest.mark.parametrize(
    ("state", "may", "said"),
    [
        ("ready", True, "核对版面以后盖章，盖章后内容不能再改。"),
        ("ready", False, "等待印章管理员盖章。"),
        ("sealed", True, "已经盖章，可以发送。"),
        ("sealed", False, "已经盖章，等待文件管理员发送。"),
    ],
)
def test_a_document_says_what_is_next_or_whose_turn_it_is(state: str, may: bool, said: str) -> None:
    typeset = Document(state=state, source=Document.Source.TYPESET)
    uploaded = Document(state=state, source=Document.Source.UPLOAD)
    assert document_hint(typeset, may, may) == said
    assert document_hint(uploaded, may, may) == f"{said}上传的成品有错时，退回修改后重新上传。"


def test_a_sent_document_only_says_that_it_is_sent() -> None:
    assert document_hint(Document(state="sent", source=Document.Source.UPLOAD), False, False) == "已经发送，不能修改。"


def test_the_steps_before_the_next_one_are_done() -> None:
    standing = {each["word"]: (each["done"], each["now"]) for each in steps("sealed")["steps"]}
    assert standing == {"制作": (True, False), "盖章": (True, False), "发送": (False, True)}
    assert all(each["done"] for each in steps("sent")["steps"])


def test_the_sealing_page_marks_the_step_one_is_at(world: World) -> None:
    document = world.ready()
    html = world.browser(world.custodian["市府办公室"]).get(f"/documents/{document.pk}/seal/").content.decode()
    assert [attrs.get("aria-current") for attrs in tags(html, "li") if attrs.get("class") == "on"] == ["step"]
