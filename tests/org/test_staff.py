"""The unit administrator's people: accounts, cards, first passwords, states (P1, P2, J-13 to J-16)."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from support.world import PASSWORD, World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, Filing, Office, Post, Staff
from yichuan.org.services.account_state import reset_person, resume_person, suspend_person, unlock_person
from yichuan.org.services.edit_person import edit_person
from yichuan.org.services.leave import leave
from yichuan.org.services.open_person import open_person
from yichuan.org.services.staff import register_person
from yichuan.people.models import Account

NAME, UNIT = "张三", "市环保局"


@pytest.fixture
def admin(world: World) -> Account:
    return world.holder(Duty.UNIT_ADMIN, UNIT)


def register(world: World, **given: object) -> tuple[Account, str]:
    with command():
        return register_person(
            actor=None,
            unit=world.units[UNIT],
            **({"username": "", "name": NAME} | given),  # type: ignore[arg-type]
        )


def test_a_person_has_account_card_pinyin_and_filing(world: World) -> None:
    account, password = register(world, phone="0750-3321179", mobile="138 0750 0001", trained_on=date(2008, 6, 25))
    staff = Staff.objects.get(pk=account.pk)
    assert account.username == "zhangsan"
    assert (staff.pinyin, staff.initials, staff.local_number, staff.mobile) == (
        "zhangsan", "zs", "3321179", "13807500001",
    )  # fmt: skip
    assert account.must_change_password
    assert account.check_password(password)
    assert Filing.objects.get(account=account).unit == world.units[UNIT]
    assert password not in str(list(Entry.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize("written", ["Ｚhang3", " Zhang3 ", "ZHANG3"])
def test_a_username_has_one_spelling(world: World, written: str) -> None:
    assert register(world, username=written)[0].username == "zhang3"


@pytest.mark.parametrize("written", ["zhаng3", "zhang 3", "zhang\u200b3", "张三", "ab", "a" * 41, ".zhang", "zhang‮3"])
def test_a_username_that_could_be_taken_for_another_is_refused(world: World, written: str) -> None:
    with pytest.raises(Invalid) as refused:
        register(world, username=written)
    assert "username" in refused.value.errors


def test_a_username_is_anybodys_once_in_the_whole_centre(world: World) -> None:
    first, _ = register(world)
    second, _ = register(world)
    assert [first.username, second.username] == ["zhangsan", "zhangsan2"]
    with pytest.raises(Invalid):
        register(world, username="Zhangsan")


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("name", ""), ("name", "张\u200b三"), ("name", "张3"), ("name", "зhang"), ("name", "张" * 41), ("name", "<b>"),
        ("phone", "abc"), ("phone", "1"), ("mobile", "12345"), ("mobile", "138075000011"), ("mail", "no-at"),
        ("mail", "a@b"), ("title", "长" * 61), ("title", "科\u202e长"), ("trained_on", date(2999, 1, 1)),
    ],
)  # fmt: skip
def test_a_card_that_does_not_hold_is_refused_by_field(world: World, field: str, written: object) -> None:
    with pytest.raises(Invalid) as refused:
        register(world, **{field: written})
    assert list(refused.value.errors) == [field]
    assert not Account.objects.filter(username="zhangsan").exists()


def test_a_name_loses_the_space_that_lists_put_into_it(world: World) -> None:
    assert register(world, name="张　三")[0].name == "张三"
    assert register(world, name="Ｍａｒｙ Ann")[0].name == "Mary Ann"


def test_the_administrator_opens_an_account_and_sees_the_password_once(world: World, admin: Account) -> None:
    browser = world.browser(admin)
    answer = browser.post("/staff/new/", {"name": NAME, "mobile": "13807500001", "established": "on"})
    found = re.search(r"data-first-password>([^<]+)<", answer.content.decode())
    assert found is not None
    assert answer["Cache-Control"] == "no-store, private"
    account = Account.objects.get(username="zhangsan")
    assert account.check_password(found[1])
    assert found[1] not in browser.get(f"/staff/{account.pk}/").content.decode()
    slip = browser.post(f"/staff/{account.pk}/slip/", {"password": found[1]})
    assert slip.content.startswith(b"%PDF")
    assert browser.post(f"/staff/{account.pk}/slip/", {"password": "another"}).status_code == 409


def test_somebody_like_this_is_asked_about_once(world: World, admin: Account) -> None:
    browser = world.browser(admin)
    given = {"name": NAME, "mobile": "13807500001"}
    assert browser.post("/staff/new/", given).status_code == 200
    asked = browser.post("/staff/new/", given)
    assert asked.status_code == 422
    assert "zhangsan" in asked.content.decode()
    assert browser.post("/staff/new/", given | {"sure": "on"}).status_code == 200
    assert Account.objects.filter(name=NAME).count() == 2


def test_an_account_is_opened_in_ones_own_unit_only(world: World, admin: Account) -> None:
    with pytest.raises(Refused) as refused:
        open_person(actor=admin, unit=world.units["市卫生局"], username="", name=NAME)
    assert refused.value.status == 403


def test_the_list_finds_by_pinyin_number_and_state(world: World, admin: Account) -> None:
    register(world, mobile="13807500001")
    browser = world.browser(admin)
    for query in ("q=zhangs", "q=zs", "q=7500001", "q=张三", "state=new"):
        assert NAME in browser.get(f"/staff/?{query}").content.decode(), query
    for query in ("q=lisi", "state=suspended", "state=locked"):
        assert NAME not in browser.get(f"/staff/?{query}").content.decode(), query


def test_the_card_is_changed_and_what_changed_is_filed(world: World, admin: Account) -> None:
    account, _ = register(world)
    office = Office.objects.create(unit=world.units[UNIT], name="办公室")
    edit_person(actor=admin, account_id=account.pk, name="张三丰", title="科长", office=office)
    staff = Staff.objects.select_related("account").get(pk=account.pk)
    assert (staff.account.name, staff.title, staff.office, staff.pinyin) == ("张三丰", "科长", office, "zhangsanfeng")
    assert "姓名、职务、所在处室" in Filing.objects.filter(account=account).latest("at").what


def test_nobody_is_moved_into_another_units_office(world: World, admin: Account) -> None:
    account, _ = register(world)
    office = Office.objects.create(unit=world.units["市卫生局"], name="办公室")
    with pytest.raises(Invalid):
        edit_person(actor=admin, account_id=account.pk, name=NAME, office=office)


def test_a_reset_gives_a_new_first_password_and_the_auditor_hears_of_it(world: World, admin: Account) -> None:
    clerk = world.clerk[UNIT]
    _, password = reset_person(actor=admin, account_id=clerk.pk, reason="忘记密码")
    clerk = Account.objects.get(pk=clerk.pk)
    assert clerk.check_password(password)
    assert not clerk.check_password(PASSWORD)
    assert clerk.must_change_password
    noted = AccessChange.objects.get(account=clerk)
    assert (noted.kind, noted.at_once, noted.state) == ("reset", True, "waiting")


def test_a_lock_is_lifted_and_the_password_stays(world: World, admin: Account) -> None:
    clerk = world.clerk[UNIT]
    Account.objects.filter(pk=clerk.pk).update(locked_until=timezone.now() + timedelta(minutes=20))
    unlock_person(actor=admin, account_id=clerk.pk, reason="本人想起来了")
    clerk = Account.objects.get(pk=clerk.pk)
    assert clerk.locked_until is None
    assert clerk.check_password(PASSWORD)


def test_a_suspension_acts_at_once_and_its_end_waits_for_the_auditor(world: World, admin: Account) -> None:
    clerk = world.clerk[UNIT]
    suspend_person(actor=admin, account_id=clerk.pk, reason="借出账号")
    assert world.browser(clerk).get("/inbox/").status_code != 200
    resume_person(actor=admin, account_id=clerk.pk, reason="查清了")
    assert not Account.objects.get(pk=clerk.pk).is_active
    assert set(AccessChange.objects.values_list("kind", "at_once")) == {("suspend", True), ("resume", False)}


def test_a_reason_is_needed(world: World, admin: Account) -> None:
    clerk = world.clerk[UNIT]
    page = world.browser(admin).post(f"/staff/{clerk.pk}/suspend/", {"reason": " "})
    assert page.status_code == 422
    assert Account.objects.get(pk=clerk.pk).is_active


def test_the_security_officer_suspends_anybody_but_themselves(world: World, admin: Account) -> None:
    officer = world.holder(Duty.SECURITY_OFFICER)
    for whom in (world.clerk[UNIT], admin, world.holder(Duty.AUDITOR)):
        suspend_person(actor=officer, account_id=whom.pk, reason="抽查发现问题")
        assert not Account.objects.get(pk=whom.pk).is_active
    with pytest.raises(Refused, match="自己"):
        suspend_person(actor=officer, account_id=officer.pk, reason="试一试")


def test_nobody_acts_on_their_own_account(world: World, admin: Account) -> None:
    for act in (suspend_person, reset_person, unlock_person, leave):
        with pytest.raises(Refused, match="自己"):
            act(actor=admin, account_id=admin.pk, reason="试一试")


def test_an_administrators_password_is_nobodys_but_the_right_ones(world: World, admin: Account) -> None:
    system, officer = world.holder(Duty.SYSTEM_ADMIN), world.holder(Duty.SECURITY_OFFICER)
    second = world.holder(Duty.UNIT_ADMIN, UNIT, 2)
    with pytest.raises(Refused, match="交换中心系统管理员"):
        reset_person(actor=second, account_id=admin.pk, reason="忘记密码")
    with pytest.raises(Refused, match="本单位系统管理员"):
        reset_person(actor=system, account_id=world.clerk[UNIT].pk, reason="忘记密码")
    with pytest.raises(Refused):
        reset_person(actor=system, account_id=officer.pk, reason="忘记密码")
    with pytest.raises(Refused):
        reset_person(actor=officer, account_id=admin.pk, reason="忘记密码")
    reset_person(actor=system, account_id=admin.pk, reason="忘记密码")


def test_another_units_people_do_not_exist(world: World, admin: Account) -> None:
    stranger = world.clerk["市卫生局"]
    for act in (suspend_person, reset_person, unlock_person, leave):
        with pytest.raises(NotFound):
            act(actor=admin, account_id=stranger.pk, reason="试一试")
    browser = world.browser(admin)
    assert browser.get(f"/staff/{stranger.pk}/").status_code == 404
    assert browser.post(f"/staff/{stranger.pk}/edit/", {"name": "别人"}).status_code == 404


def test_who_leaves_is_asked_out_of_every_post(world: World, admin: Account) -> None:
    clerk = world.clerk[UNIT]
    with command():
        Post.objects.create(account=clerk, unit=world.units[UNIT], duty=Duty.CUSTODIAN, since=timezone.now())
    asked = leave(actor=admin, account_id=clerk.pk, reason="调离")
    assert {change.duty for change in asked} == {Duty.CLERK, Duty.CUSTODIAN}
    assert Account.objects.get(pk=clerk.pk).has_perm("exchange.sign_for"), "until the auditor has reviewed it"
    with pytest.raises(Refused):
        leave(actor=admin, account_id=clerk.pk, reason="再来一次")


@pytest.fixture
def pages(world: World, admin: Account) -> dict[str, Client]:
    return {"admin": world.browser(admin), "clerk": world.browser(world.clerk[UNIT])}


def test_a_clerk_opens_none_of_these_pages(world: World, pages: dict[str, Client]) -> None:
    other = world.custodian["市府办公室"]
    for name in ("org:staff", "org:open_account", "org:unit_admins", "org:find_person"):
        assert pages["clerk"].get(reverse(name)).status_code == 403, name
    assert pages["clerk"].get(reverse("org:person", args=[other.pk])).status_code == 404
    assert pages["admin"].get(reverse("org:staff")).status_code == 200


def test_the_pages_of_the_centres_administrators(world: World, admin: Account) -> None:
    system, officer = world.browser(world.holder(Duty.SYSTEM_ADMIN)), world.browser(world.holder(Duty.SECURITY_OFFICER))
    assert admin.name in system.get("/staff/administrators/").content.decode()
    found = officer.get("/staff/find/", {"q": world.clerk[UNIT].name}).content.decode()
    assert str(world.clerk[UNIT].pk) in found
    assert "停用账号" in officer.get(f"/staff/{world.clerk[UNIT].pk}/").content.decode()


def test_training_is_kept_from_the_persons_page_and_what_is_wrong_stands_beside_its_field(
    world: World, admin: Account
) -> None:
    person, browser = world.clerk[UNIT], world.browser(admin)
    address = reverse("org:training", args=[person.pk])
    assert f'action="{address}"' in browser.get(reverse("org:person", args=[person.pk])).content.decode()
    for day, message in (("昨天", "日期请写成"), ((timezone.localdate() + timedelta(5)).isoformat(), "")):
        answer = browser.post(address, {"trained_on": day, "training_note": "一期"})
        assert answer.status_code == 422
        assert message in answer.content.decode() and "id_trained_on_error" in answer.content.decode()
    assert Staff.objects.get(pk=person.pk).training_note == ""
    browser.post(address, {"established": "on", "trained_on": "2008-06-25", "training_note": "一期"})
    kept = Staff.objects.get(pk=person.pk)
    assert (kept.established, kept.trained_on, kept.training_note) == (True, date(2008, 6, 25), "一期")


def test_on_ones_own_page_nobody_is_offered_their_own_training(world: World, admin: Account) -> None:
    page = world.browser(admin).get(reverse("org:person", args=[admin.pk])).content.decode()
    assert reverse("org:training", args=[admin.pk]) not in page
    assert f'href="{reverse("org:staff")}" class="btn' in page, "and the way back is there"
