"""A post goes from one person to another: never to nobody, never to both (P5, G-6, G-28)."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.world import LONG_AGO, World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, HandOver, Post, Staff
from yichuan.org.services.hand_over import carry_out, confirm, propose, refuse, withdraw
from yichuan.org.services.review_access import confirm as review
from yichuan.org.services.review_access import refuse as object_to
from yichuan.org.services.staff import register_person
from yichuan.people.models import Account

UNIT = "市环保局"
State = HandOver.State


def newcomer(world: World, name: str = "新人", **given: object) -> Account:
    """Somebody of the unit who qualifies and holds no post."""
    with command():
        account, _ = register_person(
            actor=None, unit=world.units[UNIT], username="", name=name,
            **({"established": True, "trained_on": LONG_AGO.date()} | given),  # type: ignore[arg-type]
        )  # fmt: skip
    return account


def form_of(world: World, actor: Account | None = None, taker: Account | None = None) -> HandOver:
    giver = world.clerk[UNIT]
    posts = Post.objects.filter(account=giver).values_list("pk", flat=True)
    taker = taker or newcomer(world)
    return propose(actor=actor or giver, giver_id=giver.pk, taker_id=taker.pk, post_ids=posts, reason="调离")


def holders(unit: object, duty: str, at: datetime) -> int:
    posts = Post.objects.filter(unit=unit, duty=duty, since__lte=at)
    return sum(post.until is None or post.until > at for post in posts)


def test_both_confirm_the_auditor_reviews_and_the_post_moves_in_one_instant(world: World) -> None:
    old = Post.objects.get(account=world.clerk[UNIT])
    form = form_of(world)
    assert form.given_at is not None, "the giver proposed it"
    form = confirm(actor=form.taker, hand_over_id=form.pk)
    assert form.state == State.CONFIRMED
    assert Account.objects.get(pk=form.giver_id).has_perm("exchange.sign_for"), "until the auditor has reviewed it"
    change = AccessChange.objects.get(hand_over=form)
    review(actor=world.holder(Duty.AUDITOR), change_id=change.pk)
    new = Post.objects.get(account=form.taker)
    old.refresh_from_db()
    form.refresh_from_db()
    assert old.until == new.since
    assert form.state == State.DONE
    assert not Account.objects.get(pk=form.giver_id).has_perm("exchange.sign_for")
    assert Account.objects.get(pk=form.taker_id).has_perm("exchange.sign_for", world.units[UNIT])
    assert Entry.objects.filter(verb="org.hand_over_done", subject_id=form.pk).exists()


def test_what_is_open_stands_on_the_form_without_a_title(world: World) -> None:
    world.delivery(UNIT)
    form = form_of(world)
    assert form.items == [{"post": "文件管理员", "what": "没有签收的来文", "number": 1}]


def test_an_auditor_who_objects_leaves_the_post_where_it_was(world: World) -> None:
    form = form_of(world)
    confirm(actor=form.taker, hand_over_id=form.pk)
    change = AccessChange.objects.get(hand_over=form)
    object_to(actor=world.holder(Duty.AUDITOR), change_id=change.pk, note="接任人没有谈话")
    form.refresh_from_db()
    assert form.state == State.REFUSED
    assert Post.objects.get(account=form.giver).until is None
    assert not Post.objects.filter(account=form.taker).exists()


def test_the_administrator_proposes_and_confirms_for_who_is_gone(world: World) -> None:
    admin = world.holder(Duty.UNIT_ADMIN, UNIT)
    form = form_of(world, actor=admin)
    assert form.given_at is None
    with pytest.raises(Refused, match="不用你确认"):
        confirm(actor=admin, hand_over_id=form.pk)
    form = confirm(actor=admin, hand_over_id=form.pk, in_place=True)
    assert form.given_by == admin
    form = confirm(actor=form.taker, hand_over_id=form.pk)
    assert form.state == State.CONFIRMED
    assert Entry.objects.filter(verb="org.hand_over_confirm", detail__in_place=True, actor_id=admin.pk).exists()


def test_nobody_confirms_for_others(world: World) -> None:
    form = form_of(world, actor=world.holder(Duty.UNIT_ADMIN, UNIT))
    for stranger in (world.clerk["市卫生局"], world.sending_clerk):
        for act in (confirm, withdraw):
            with pytest.raises(NotFound):
                act(actor=stranger, hand_over_id=form.pk)
    with pytest.raises(Refused):
        confirm(actor=form.taker, hand_over_id=form.pk, in_place=True)
        confirm(actor=form.taker, hand_over_id=form.pk, in_place=True)


def test_the_taker_must_qualify_and_be_of_the_unit(world: World) -> None:
    untrained = newcomer(world, "李四", trained_on=None)
    casual = newcomer(world, "王五", established=False)
    for taker in (untrained, casual, world.clerk["市卫生局"]):
        with pytest.raises(Invalid) as refused:
            form_of(world, taker=taker)
        assert list(refused.value.errors) == ["taker"]


def test_a_taker_who_no_longer_qualifies_gets_nothing(world: World) -> None:
    form = form_of(world)
    confirm(actor=form.taker, hand_over_id=form.pk)
    Staff.objects.filter(pk=form.taker_id).update(established=False)
    with pytest.raises(Refused), command():
        carry_out(form)
    assert Post.objects.get(account=form.giver).until is None


def test_a_post_that_ended_meanwhile_is_not_handed_over(world: World) -> None:
    form = form_of(world)
    confirm(actor=form.taker, hand_over_id=form.pk)
    Post.objects.filter(account=form.giver).update(until=clock.now())
    with pytest.raises(Refused, match="重新填写"), command():
        carry_out(form)
    assert not Post.objects.filter(account=form.taker).exists()


def test_one_post_stands_on_one_form_at_a_time(world: World) -> None:
    form = form_of(world)
    with pytest.raises(Refused, match="没有办完"):
        form_of(world, taker=newcomer(world, "另一人"))
    withdraw(actor=form.giver, hand_over_id=form.pk)
    form_of(world, taker=newcomer(world, "另一人"))


def test_one_taker_takes_over_from_two_people_at_a_time(world: World) -> None:
    taker = newcomer(world)
    custodian = world.holder(Duty.CUSTODIAN, UNIT)
    posts = Post.objects.filter(account=custodian).values_list("pk", flat=True)
    other = propose(actor=custodian, giver_id=custodian.pk, taker_id=taker.pk, post_ids=posts, reason="调离")
    forms = [form_of(world, taker=taker), other]
    for form in forms:
        confirm(actor=taker, hand_over_id=form.pk)
    auditor = world.holder(Duty.AUDITOR)
    for change in AccessChange.objects.filter(hand_over__in=forms):
        review(actor=auditor, change_id=change.pk)
    held = {post.duty for post in Post.objects.filter(account=taker, until=None)}
    assert held == {Duty.CLERK, Duty.CUSTODIAN}


def test_other_peoples_posts_are_not_handed_over(world: World) -> None:
    foreign = Post.objects.get(account=world.clerk["市卫生局"])
    with pytest.raises(Invalid):
        propose(
            actor=world.clerk[UNIT], giver_id=world.clerk[UNIT].pk, taker_id=newcomer(world).pk,
            post_ids=[foreign.pk], reason="调离",
        )  # fmt: skip


def test_who_proposed_may_take_it_back_and_who_is_asked_may_disagree(world: World) -> None:
    form = form_of(world)
    for party, own, other in ((form.giver, "withdraw", "refuse"), (form.taker, "refuse", "withdraw")):
        Account.objects.filter(pk=party.pk).update(must_change_password=False)
        page = world.browser(Account.objects.get(pk=party.pk)).get(f"/hand-overs/{form.pk}/").content.decode()
        assert f"/hand-overs/{form.pk}/{own}/" in page and f"/hand-overs/{form.pk}/{other}/" not in page


def test_all_that_the_form_lacks_is_named_at_once_beside_its_field(world: World) -> None:
    page = world.browser(world.clerk["市环保局"]).post("/hand-overs/new/", {"reason": " "})
    assert page.status_code == 422
    for message in ("请勾选要移交的岗位。", "请选择接任的人。", "请写明原因，审计员要看。"):
        assert page.content.decode().count(message) == 2, "in the summary and beside the field"


def test_the_pages_lead_through_it(world: World) -> None:
    taker, giver = newcomer(world), world.clerk[UNIT]
    Account.objects.filter(pk=taker.pk).update(must_change_password=False)
    browser = world.browser(giver)
    assert "新人" in browser.get("/hand-overs/new/").content.decode()
    post = Post.objects.get(account=giver)
    bad = browser.post("/hand-overs/new/", {"taker": str(taker.pk), "reason": "调离"})
    assert bad.status_code == 422
    answer = browser.post("/hand-overs/new/", {"taker": str(taker.pk), "posts": str(post.pk), "reason": "调离"})
    form = HandOver.objects.get()
    assert answer["Location"] == f"/hand-overs/{form.pk}/"
    assert browser.get(f"/hand-overs/{form.pk}/paper/").content.startswith(b"%PDF")
    assert world.browser(world.sending_clerk).get(f"/hand-overs/{form.pk}/").status_code == 404
    other = world.browser(Account.objects.get(pk=taker.pk))
    assert "确认接任" in other.get(f"/hand-overs/{form.pk}/").content.decode()
    assert other.post(f"/hand-overs/{form.pk}/confirm/").status_code == 302
    form.refresh_from_db()
    assert form.state == State.CONFIRMED
    assert "待审计员审核" in other.get("/hand-overs/").content.decode()


ACTS = ("propose", "confirm_giver", "confirm_taker", "refuse", "withdraw", "review", "object")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), min_size=3, max_size=12))
def test_whatever_is_pressed_somebody_holds_the_post_and_nobody_else(
    world: World, steps: list[tuple[str, int]]
) -> None:
    auditor = Account.objects.filter(name="系统审计员1").first() or world.holder(Duty.AUDITOR)
    people = [world.clerk[UNIT], *Account.objects.filter(name__in=("甲人", "乙人")).order_by("name")]
    if len(people) < 3:
        people = [world.clerk[UNIT], newcomer(world, "甲人"), newcomer(world, "乙人")]
    begun = clock.now()
    for act, who in steps:
        held = Post.objects.get(unit=world.units[UNIT], duty=Duty.CLERK, until=None)
        form = HandOver.objects.filter(state__in=(State.PROPOSED, State.CONFIRMED)).first()
        change = AccessChange.objects.filter(kind="hand_over", state="waiting").first()
        try:
            if act == "propose":
                propose(
                    actor=held.account,
                    giver_id=held.account_id,
                    taker_id=people[who].pk,
                    post_ids=[held.pk],
                    reason="轮岗",
                )
            elif form is not None and act in ("confirm_giver", "confirm_taker"):
                confirm(actor=form.giver if act == "confirm_giver" else form.taker, hand_over_id=form.pk)
            elif form is not None and act == "refuse":
                refuse(actor=form.taker, hand_over_id=form.pk, reason="不接")
            elif form is not None and act == "withdraw":
                withdraw(actor=form.proposed_by, hand_over_id=form.pk)
            elif change is not None and act == "review":
                review(actor=auditor, change_id=change.pk)
            elif change is not None and act == "object":
                object_to(actor=auditor, change_id=change.pk, note="不行")
        except Refused:
            pass
        instants = [
            at for pair in Post.objects.filter(unit=world.units[UNIT], duty=Duty.CLERK).values_list("since", "until")
            for at in pair if at is not None and at >= begun
        ]  # fmt: skip
        for at in [*instants, clock.now()]:
            assert holders(world.units[UNIT], Duty.CLERK, at) == 1
