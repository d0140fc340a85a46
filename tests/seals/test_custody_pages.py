"""The pages of custody: what each post sees there, and what it is not shown (J-24, P3)."""

import pytest

from support.custody import Kept, address, kept, on_carrier, words
from support.world import World
from yichuan.common import clock
from yichuan.org.models import Post
from yichuan.seals.kinds import CustodyRole, OpeningKind
from yichuan.seals.models import Opening
from yichuan.seals.open_work import open_work
from yichuan.seals.selectors_custody import shares_to_set, waiting_for
from yichuan.seals.services.file_rules import file_rules


@pytest.fixture
def office(world: World) -> Kept:
    return kept(world, shares=False)


def _text(office: Kept, number: int, path: str, status: int = 200) -> str:
    answer = office.world.browser(office.people[number]).get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_custodian_sees_what_they_keep_and_sets_the_password_there(office: Kept) -> None:
    assert shares_to_set(office.people[0]) == 1
    assert "还没有设置" in _text(office, 0, "/seals/custody/")
    browser, path = office.world.browser(office.people[0]), f"/seals/custody/shares/{office.row(0).pk}/"
    wrong = browser.post(path, {"new": words(0), "again": words(1)})
    assert wrong.status_code == 422
    assert "两次输入的密码不一样" in wrong.content.decode()
    assert words(0) not in wrong.content.decode()
    assert browser.post(path, {"new": words(0), "again": words(0)}).status_code == 302
    assert shares_to_set(office.people[0]) == 0
    assert "已设置" in _text(office, 0, "/seals/custody/")
    assert _text(office, 1, path, 404)


def test_a_custodian_reads_the_units_own_rules_there(office: Kept) -> None:
    assert "还没有备案印章管理使用办法" in _text(office, 0, "/seals/custody/")
    rules = {"title": "市府办公室印章管理办法", "text": "用印要经办公室主任签字，登记后盖章。" * 2}
    file_rules(actor=office.people[0], unit=office.world.sender, **rules)
    assert rules["text"] in _text(office, 1, "/seals/custody/")


def test_what_is_asked_for_waits_for_each_until_they_have_spoken(office: Kept) -> None:
    document = office.world.ready()
    opening = office.ask(document)
    assert document.number is not None
    for number in range(3):
        assert document.number in _text(office, number, "/seals/custody/openings/")
    office.set_shares()
    office.approve(opening, 1)
    assert [waiting_for(person).count() for person in office.people] == [1, 0, 1]
    assert document.number not in _text(office, 1, "/seals/custody/openings/")
    assert document.number in _text(office, 1, "/seals/custody/openings/?show=all")


def test_its_page_shows_document_places_digest_and_who_has_spoken(office: Kept) -> None:
    document = office.world.ready()
    page = _text(office, 1, address(office.ask(document), ""))
    for said in (
        document.title,
        document.number,
        document.body_digest,
        "第 1 页，离左 105、离上 200 毫米",
        "还没有表示意见",
    ):
        assert said is not None
        assert said in page
    assert "你还没有设置保管密码，不能同意" in page


def test_a_document_that_was_changed_is_said_to_be(office: Kept) -> None:
    document = office.world.ready()
    opening = office.ask(document)
    document.body_digest = "0" * 64
    document.save()
    page = _text(office, 1, address(opening, ""))
    assert "在申请以后有改动" in page
    assert "data-viewer" not in page


def test_the_page_loads_anew_when_the_state_is_another(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    browser = office.world.browser(office.people[1])
    assert "HX-Refresh" not in browser.get(address(opening, "state"), {"seen": "asked"})
    Opening.objects.filter(pk=opening.pk).update(state="closed", closed_at=clock.now())
    assert browser.get(address(opening, "state"), {"seen": "asked"})["HX-Refresh"] == "true"


@pytest.mark.parametrize("post", ["clerk", "other unit"])
def test_who_keeps_nothing_there_sees_nothing(office: Kept, post: str) -> None:
    opening = office.ask(office.world.ready())
    somebody = office.world.sending_clerk if post == "clerk" else office.world.appoint_custodian("市卫生局")
    browser, denied = office.world.browser(somebody), 403 if post == "clerk" else 404
    for path in (address(opening, ""), address(opening, "state"), f"/seals/custody/{office.seal.pk}/"):
        assert browser.get(path).status_code == denied
    for verb in ("refuse", "close"):
        answer = browser.post(address(opening, verb), {"words": "不行"})
        assert answer.status_code == denied
    opening.refresh_from_db()
    assert opening.state == "asked"


def test_a_seals_page_names_its_custodians_and_who_is_to_be_replaced(office: Kept) -> None:
    Post.objects.filter(account=office.people[2]).update(until=clock.now())
    page = _text(office, 0, f"/seals/custody/{office.seal.pk}/")
    assert page.count("在岗") == 2
    assert "待更换" in page
    assert "任意 2 份才能开启" in page
    mine = _text(office, 0, "/seals/custody/")
    assert "待更换的保管人" in mine
    assert office.people[2].name in mine


def test_a_hand_over_says_how_many_seals_go_with_the_post(office: Kept) -> None:
    post = office.people[0].posts.get()
    assert open_work(office.people[0], post) == [("保管的印章，要办更换保管人", 1)]
    assert open_work(office.world.sending_clerk, office.world.sending_clerk.posts.get()) == []


@pytest.mark.parametrize(
    ("kind", "field", "said"), [(OpeningKind.COUNT, "uses", "2 件"), (OpeningKind.PERIOD, "minutes", "2 分钟以内")]
)
def test_a_number_or_a_time_is_asked_for_on_the_seals_page(
    world: World, kind: OpeningKind, field: str, said: str
) -> None:
    office = kept(world, kind=kind, limit=3, shares=False)
    browser, path = world.browser(office.people[0]), f"/seals/custody/{office.seal.pk}/ask/"
    assert browser.get(path).status_code == 200
    assert browser.post(path, {field: "4", "words": "月底集中用印"}).status_code == 422
    assert browser.post(path, {field: "", "words": ""}).status_code == 422
    answer = browser.post(path, {field: "2", "words": "月底集中用印"}, follow=True)
    assert f"用印：{said}" in answer.content.decode()
    assert world.browser(world.custodian["市府办公室"]).get(path).status_code == 403


def test_a_change_is_proposed_on_its_page(world: World) -> None:
    office = kept(world, shares=False)
    browser, path = world.browser(office.people[0]), f"/seals/custody/{office.seal.pk}/change/"
    nobody = browser.post(path, {"words": "交接"})
    assert nobody.status_code == 422
    assert "请指定保管人" in nobody.content.decode()
    people = [str(person.pk) for person in office.people[:2]]
    assert browser.post(path, {"words": "交接", "custodians": people}).status_code == 302
    chosen = Opening.objects.get().subject["custodians"]
    assert [each["account"] for each in chosen] == people


def test_carrier_and_password_are_chosen_apart(world: World) -> None:
    office = on_carrier(world)
    browser, path = world.browser(office.people[0]), f"/seals/custody/{office.seal.pk}/change/"
    first, second = (str(person.pk) for person in office.people)
    same = browser.post(path, {"words": "交接", "carrier": first, "password": first})
    assert "同一个人不能保管两份" in same.content.decode()
    assert browser.post(path, {"words": "交接", "carrier": second, "password": first}).status_code == 302
    roles = [each["role"] for each in Opening.objects.get().subject["custodians"]]
    assert roles == [CustodyRole.CARRIER, CustodyRole.PASSWORD]
