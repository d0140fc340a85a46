"""The pages of 权限变更: asking, reviewing, taking back (P4)."""

from typing import Any

import pytest
from django.test import Client

from support.access import OTHER, SUPERVISING, Kind, Parties, fresh, parties, posts_of
from support.offices import an_office
from support.world import World
from yichuan.org.duties import Duty, permissions_of
from yichuan.org.models import AccessChange, Staff
from yichuan.org.services.access import ask_for_change
from yichuan.org.services.review_access import refuse
from yichuan.org.states import ChangeState


@pytest.fixture
def centre(world: World) -> Parties:
    return parties(world)


def page(browser: Client, address: str, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_unit_administrator_asks_step_by_step(centre: Parties) -> None:
    browser, person = centre.world.browser(centre.unit_admin), centre.newcomer()
    office = an_office(centre.world, unit=OTHER)
    assert person.name in page(browser, "/access/new/", q=person.name)
    second = page(browser, "/access/new/", account=str(person.pk))
    assert "秘书科 收文员" in second and "系统审计员" not in second and "主管单位审批人" not in second
    third = page(browser, "/access/new/", account=str(person.pk), post=f"receiver:{office.pk}")
    assert 'value="exchange.sign_for" checked' in third
    assert 'value="org.appoint_stand_in" checked' not in third and 'value="org.appoint_stand_in"' in third
    assert "compose.write" not in third  # documents are made at the registry
    given: dict[str, Any] = {
        "account": person.pk,
        "post": f"receiver:{office.pk}",
        "permissions": ["exchange.see_inbox"],
    }
    answer = browser.post("/access/new/", given | {"reason": ""})
    assert answer.status_code == 422 and "请写明事由" in answer.content.decode()
    assert 'value="exchange.sign_for" checked' not in answer.content.decode()  # what was ticked stays ticked
    answer = browser.post("/access/new/", given | {"reason": "新来的收文员"})
    change = AccessChange.objects.get(account=person)
    assert answer.headers["Location"] == f"/access/changes/{change.pk}/"
    assert (change.duty, change.office, change.permissions) == (Duty.RECEIVER, office, ["exchange.see_inbox"])
    shown = page(browser, f"/access/changes/{change.pk}/")
    assert "任命" in shown and "撤回申请" in shown and "审核通过" not in shown


def test_ticks_as_the_template_has_them_are_the_template(centre: Parties) -> None:
    browser, person = centre.world.browser(centre.unit_admin), centre.newcomer()
    given = {"account": person.pk, "post": "leader", "permissions": sorted(permissions_of(Duty.LEADER)), "reason": "x"}
    assert browser.post("/access/new/", given).status_code == 302
    assert AccessChange.objects.get(account=person).permissions is None


def test_what_keeps_a_request_back_is_said_on_the_page(centre: Parties) -> None:
    browser, person = centre.world.browser(centre.unit_admin), centre.newcomer(trained_on=None)
    given = {"account": person.pk, "post": "clerk", "permissions": ["compose.see"], "reason": "x"}
    answer = browser.post("/access/new/", given)
    assert answer.status_code == 422 and "没有上岗培训记录" in answer.content.decode()
    assert browser.get("/access/new/", {"account": centre.world.clerk[SUPERVISING].pk}).status_code == 404
    assert page(browser, "/access/new/", account="x", post="x")


def test_the_system_administrator_is_offered_what_fits_the_persons_unit(centre: Parties) -> None:
    browser = centre.world.browser(centre.system_admin)
    assert "先按姓名" in page(browser, "/access/centre/new/")
    of_other, of_supervising = centre.newcomer(), centre.newcomer("n2", unit=SUPERVISING)
    assert of_other.name in page(browser, "/access/centre/new/", q=of_other.name)
    offered = page(browser, "/access/centre/new/", account=str(of_other.pk))
    assert "单位系统管理员" in offered and "主管单位审批人" not in offered and "文件管理员" not in offered
    assert "主管单位审批人" in page(browser, "/access/centre/new/", account=str(of_supervising.pk))
    given = {"account": of_other.pk, "post": "security_officer", "reason": "增设"}
    assert browser.post("/access/centre/new/", given).status_code == 302
    change = AccessChange.objects.get(account=of_other)
    assert (change.duty, change.unit) == (Duty.SECURITY_OFFICER, None)
    assert of_other.name in page(browser, "/access/centre/")


def test_a_post_is_adjusted_or_ended_from_the_persons_page(centre: Parties) -> None:
    clerk = centre.world.clerk[OTHER]
    post = clerk.posts.get()
    browser = centre.world.browser(centre.unit_admin)
    assert f"/access/posts/{post.pk}/" in page(browser, f"/access/people/{clerk.pk}/")
    assert 'value="compose.write" checked' in page(browser, f"/access/posts/{post.pk}/")
    given = {"kind": "adjust", "permissions": ["compose.see"], "reason": "只看"}
    assert browser.post(f"/access/posts/{post.pk}/", given).status_code == 302
    assert AccessChange.objects.get(kind=Kind.ADJUST).permissions == ["compose.see"]
    assert browser.post(f"/access/posts/{post.pk}/", {"kind": "dismiss", "reason": "调离"}).status_code == 302
    assert AccessChange.objects.get(kind=Kind.DISMISS).post == post
    elsewhere = centre.world.clerk[SUPERVISING].posts.get()
    assert browser.get(f"/access/posts/{elsewhere.pk}/").status_code == 404
    own = page(browser, f"/access/posts/{centre.unit_admin.posts.get().pk}/")
    assert "不能单独调整" in own and "申请调整权限" not in own


def test_the_auditor_looks_but_asks_for_nothing(centre: Parties) -> None:
    post = centre.world.clerk[OTHER].posts.get()
    browser = centre.world.browser(centre.auditor)
    assert f"/access/posts/{post.pk}/" not in page(browser, f"/access/people/{post.account_id}/")
    assert browser.get(f"/access/posts/{post.pk}/").status_code == 404
    assert browser.post(f"/access/posts/{post.pk}/", {"kind": "dismiss", "reason": "x"}).status_code == 404
    assert not AccessChange.objects.exists()


def test_the_auditor_reviews_on_the_page(centre: Parties) -> None:
    good, bad = centre.asked(centre.newcomer("n1")), centre.asked(centre.newcomer("n2"))
    Staff.objects.filter(pk=bad.account_id).update(established=False)
    browser = centre.world.browser(centre.auditor)
    listed = page(browser, "/access/review/")
    assert good.account.name in listed and "不是在编人员" in listed and "在编，2000-01-01 上岗培训" in listed
    answer = browser.post("/access/review/done/", {"verb": "confirm", "change": [good.pk, bad.pk]})
    assert answer.status_code == 200
    assert "1 份成功，1 份没有成功" in answer.content.decode()
    assert posts_of(good.account) and not posts_of(bad.account)
    answer = browser.post("/access/review/done/", {"verb": "refuse", "change": [bad.pk], "note": ""})
    assert answer.status_code == 200 and "请写明" in answer.content.decode()
    browser.post("/access/review/done/", {"verb": "refuse", "change": [bad.pk], "note": "先培训"})
    done = page(browser, "/access/review/", state="done")
    assert good.account.name in done and bad.account.name in done
    assert browser.post("/access/review/done/", {"verb": "confirm"}).status_code == 422
    assert browser.post("/access/review/done/", {"verb": "confirm", "change": ["x"]}).status_code == 404


def test_a_change_leads_back_to_the_list_of_whoever_reads_it(centre: Parties) -> None:
    address = f"/access/changes/{centre.asked().pk}/"
    for reader, back in ((centre.unit_admin, "/access/"), (centre.auditor, "/access/review/")):
        assert f'<a href="{back}" class="btn btn-text">' in page(centre.world.browser(reader), address)


def test_an_unknown_verb_confirms_nothing(centre: Parties) -> None:
    change = centre.asked()
    browser = centre.world.browser(centre.auditor)
    browser.post("/access/review/done/", {"verb": "sure", "change": [change.pk], "note": "x"})
    assert not posts_of(change.account)


def test_who_asked_sees_what_the_auditor_said_and_what_became_of_it(centre: Parties) -> None:
    change = refuse(actor=centre.auditor, change_id=centre.asked().pk, note="人手已经够了")
    browser = centre.world.browser(centre.unit_admin)
    shown = page(browser, f"/access/changes/{change.pk}/")
    assert "人手已经够了" in shown and "没有执行，一切照旧" in shown and "撤回申请" not in shown
    assert change.account.name in page(browser, "/access/", state="refused")
    assert change.account.name not in page(browser, "/access/", state="waiting")


def test_it_is_taken_back_on_the_page(centre: Parties) -> None:
    change = centre.asked()
    browser = centre.world.browser(centre.unit_admin)
    assert browser.post(f"/access/changes/{change.pk}/withdraw/").status_code == 302
    change.refresh_from_db()
    assert change.state == ChangeState.WITHDRAWN
    assert browser.post(f"/access/changes/{change.pk}/withdraw/").status_code == 409


def test_another_units_change_looks_as_if_it_did_not_exist(centre: Parties) -> None:
    change = centre.asked()
    stranger = centre.world.holder(Duty.UNIT_ADMIN, "市卫生局")
    browser = centre.world.browser(stranger)
    assert browser.get(f"/access/changes/{change.pk}/").status_code == 404
    assert browser.post(f"/access/changes/{change.pk}/withdraw/").status_code == 403
    assert change.account.name not in page(browser, "/access/")


def test_a_command_of_its_own_asks_the_same(centre: Parties) -> None:
    person = centre.newcomer()
    change = ask_for_change(
        actor=centre.unit_admin, kind=Kind.APPOINT, account=person, unit=centre.unit, duty=Duty.CLERK, reason="x"
    )
    assert change.state == ChangeState.WAITING
    assert not fresh(person).has_perm("compose.see")
