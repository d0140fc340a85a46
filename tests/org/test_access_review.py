"""The auditor's review: nothing asked for is in force before it, and what acted at once is judged after (P4, G-7)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from support.access import OTHER, Kind, Parties, fresh, parties, posts_of
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.ids import new_id
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, Filing, Post, Staff
from yichuan.org.services.access import AT_ONCE, note_at_once
from yichuan.org.services.appoint import appoint
from yichuan.org.services.review_access import confirm, refuse, review_several, withdraw
from yichuan.org.states import CHANGE, ChangeState
from yichuan.people.models import Account
from yichuan.people.services.suspend import suspend

VERBS = ("confirm", "refuse", "withdraw")


@pytest.fixture
def centre(world: World) -> Parties:
    return parties(world)


def review(centre: Parties, verb: str, change: AccessChange, actor: Account | None = None) -> AccessChange:
    if verb == "withdraw":
        return withdraw(actor=actor or centre.unit_admin, change_id=change.pk)
    act = {"confirm": confirm, "refuse": refuse}[verb]
    return act(actor=actor or centre.auditor, change_id=change.pk, note="核对过")


def noted(centre: Parties, kind: Kind, post: Post | None = None, account: Account | None = None) -> AccessChange:
    with command():
        return note_at_once(
            actor=centre.unit_admin, kind=kind, account=account or centre.world.clerk[OTHER], unit=centre.unit,
            post=post, reason="急",
        )  # fmt: skip


def test_an_appointment_is_in_force_from_the_review_on(centre: Parties) -> None:
    change = confirm(actor=centre.auditor, change_id=centre.asked().pk)
    [post] = posts_of(change.account)
    assert (post.duty, post.unit, post.permissions, post.until) == (Duty.CLERK, centre.unit, None, None)
    assert post.since >= change.requested_at and change.post == post
    assert fresh(change.account).has_perm("compose.write", centre.unit)
    change.refresh_from_db()
    assert (change.state, change.reviewed_by) == (ChangeState.CONFIRMED, centre.auditor)
    assert change.outcome == "岗位从现在起生效"
    verbs = set(Entry.objects.filter(subject_id__in=[change.pk, change.account_id]).values_list("verb", flat=True))
    assert {"org.request_change", "org.confirm_change", "org.appoint"} <= verbs


def test_a_request_does_not_outlive_the_post_it_was_made_from(centre: Parties) -> None:
    change = centre.asked()
    Post.objects.filter(account=centre.unit_admin).update(until=timezone.now())
    with pytest.raises(Refused) as refusal:
        confirm(actor=centre.auditor, change_id=change.pk)
    assert refusal.value.code == "asker_lost"
    change.refresh_from_db()
    assert change.state == ChangeState.WAITING and posts_of(change.account) == []
    assert refuse(actor=centre.auditor, change_id=change.pk, note="申请人已离岗").state == ChangeState.REFUSED


def test_it_opens_what_was_ticked_and_no_more(centre: Parties) -> None:
    change = confirm(actor=centre.auditor, change_id=centre.asked(permissions=["compose.see"]).pk)
    person = fresh(change.account)
    assert person.has_perm("compose.see", centre.unit)
    assert not person.has_perm("compose.write", centre.unit)


def test_a_dismissal_ends_the_post_and_its_stand_ins(centre: Parties) -> None:
    clerk = centre.world.clerk[OTHER]
    post = clerk.posts.get()
    newcomer = centre.newcomer()
    with command():
        other = appoint(
            actor=None, account=newcomer, unit=centre.unit, duty=Duty.CLERK,
            until=timezone.now() + timedelta(days=9), stands_in_for=post,
        )  # fmt: skip
    change = centre.asked(clerk, kind=Kind.DISMISS, post=post)
    assert fresh(clerk).has_perm("compose.write", centre.unit)
    confirm(actor=centre.auditor, change_id=change.pk)
    assert not fresh(clerk).has_perm("compose.write")
    assert not fresh(other.account).has_perm("compose.write")


def test_an_adjustment_changes_what_the_post_opens(centre: Parties) -> None:
    clerk = centre.world.clerk[OTHER]
    change = centre.asked(clerk, kind=Kind.ADJUST, post=clerk.posts.get(), permissions=["compose.see"])
    assert fresh(clerk).has_perm("compose.write", centre.unit)
    confirm(actor=centre.auditor, change_id=change.pk)
    assert not fresh(clerk).has_perm("compose.write", centre.unit)
    back = centre.asked(clerk, kind=Kind.ADJUST, post=clerk.posts.get(), permissions=None)
    confirm(actor=centre.auditor, change_id=back.pk)
    assert fresh(clerk).has_perm("compose.write", centre.unit)


def test_a_suspended_person_is_taken_up_again_only_after_the_review(centre: Parties) -> None:
    clerk = centre.world.clerk[OTHER]
    with command():
        suspend(actor=centre.unit_admin, account=clerk, reason="抽查")
    change = centre.asked(clerk, kind=Kind.RESUME, duty="")
    assert not fresh(clerk).is_active
    confirm(actor=centre.auditor, change_id=change.pk)
    assert fresh(clerk).is_active


def test_a_new_administrator_of_the_centre_leaves_the_unit(centre: Parties) -> None:
    person = centre.newcomer()
    change = centre.asked(person, Duty.SECURITY_OFFICER, actor=centre.system_admin, unit=None)
    confirm(actor=centre.auditor, change_id=change.pk)
    assert Staff.objects.get(pk=person.pk).unit is None
    assert fresh(person).has_perm("org.suspend", centre.unit)


@pytest.mark.parametrize("verb", ["refuse", "withdraw"])
def test_what_is_refused_or_withdrawn_never_comes_into_force(centre: Parties, verb: str) -> None:
    change = review(centre, verb, centre.asked())
    assert not posts_of(change.account)
    assert "没有执行" in change.outcome
    with pytest.raises(Refused, match="不能这样办理"):
        review(centre, "confirm", change)


@pytest.mark.parametrize("state", list(ChangeState))
@pytest.mark.parametrize("verb", VERBS)
def test_what_the_table_does_not_list_is_refused(centre: Parties, state: ChangeState, verb: str) -> None:
    change = centre.asked()
    AccessChange.objects.filter(pk=change.pk).update(state=state)
    if CHANGE.allows(verb, state):
        assert review(centre, verb, change).state == CHANGE.find(verb, state).target
    else:
        with pytest.raises(Refused, match=f"「{state.label}」"):
            review(centre, verb, change)
        assert not posts_of(change.account)


@pytest.mark.parametrize("verb", ["confirm", "refuse"])
def test_nobody_but_the_auditor_reviews(centre: Parties, verb: str) -> None:
    change = centre.asked()
    for actor in (centre.system_admin, centre.security_officer, centre.supervisor, centre.unit_admin, change.account):
        with pytest.raises(NotAllowed):
            review(centre, verb, change, actor)


def test_a_forged_permission_in_a_units_post_reviews_nothing(centre: Parties) -> None:
    clerk = centre.world.clerk["市卫生局"]
    clerk.posts.update(permissions=["org.review_access"])
    with pytest.raises(NotAllowed):
        review(centre, "confirm", centre.asked(), fresh(clerk))


def test_an_auditor_whose_post_ended_while_the_page_was_open_reviews_nothing(centre: Parties) -> None:
    change, auditor = centre.asked(), fresh(centre.auditor)
    assert auditor.has_perm("org.review_access")  # kept on the account for the rest of its request
    auditor.posts.update(until=timezone.now())
    with pytest.raises(NotAllowed):
        review(centre, "confirm", change, auditor)


def test_the_auditor_does_not_review_what_concerns_the_auditor(centre: Parties) -> None:
    about = noted(centre, Kind.SUSPEND, account=centre.auditor)
    asked = centre.asked()
    AccessChange.objects.filter(pk=asked.pk).update(requested_by=centre.auditor)
    for change in (about, asked):
        with pytest.raises(NotAllowed, match="不能由自己审核"):
            review(centre, "confirm", change)


def test_only_who_asked_withdraws(centre: Parties) -> None:
    change = centre.asked()
    with pytest.raises(NotAllowed, match="申请人本人"):
        withdraw(actor=centre.auditor, change_id=change.pk)


def test_what_fitted_at_the_request_and_no_longer_fits_is_not_carried_out(centre: Parties) -> None:
    untrained, suspended, elsewhere = (centre.newcomer(name) for name in ("n1", "n2", "n3"))
    changes = [centre.asked(person) for person in (untrained, suspended, elsewhere)]
    Staff.objects.filter(pk=untrained.pk).update(trained_on=None)
    Account.objects.filter(pk=suspended.pk).update(is_active=False)
    Staff.objects.filter(pk=elsewhere.pk).update(unit=centre.world.units["市卫生局"])
    for change, words in zip(changes, ("培训", "停用", "不是这个单位"), strict=True):
        with pytest.raises(Refused, match=words):
            confirm(actor=centre.auditor, change_id=change.pk)
        change.refresh_from_db()
        assert change.state == ChangeState.WAITING
        assert not posts_of(change.account)


def test_an_objection_needs_words_and_a_remark_may_be_missing(centre: Parties) -> None:
    change = centre.asked()
    for note in ("", " ", "长" * 201, "看\u200b不见"):
        with pytest.raises(Invalid):
            refuse(actor=centre.auditor, change_id=change.pk, note=note)
    with pytest.raises(Invalid):
        confirm(actor=centre.auditor, change_id=change.pk, note="长" * 201)
    assert confirm(actor=centre.auditor, change_id=change.pk).review_note == ""


def test_what_does_not_exist_is_not_found(centre: Parties) -> None:
    with pytest.raises(NotFound):
        confirm(actor=centre.auditor, change_id=new_id())


@pytest.mark.parametrize("kind", sorted(AT_ONCE - {Kind.STAND_IN}))
def test_an_objection_says_what_is_not_undone(centre: Parties, kind: Kind) -> None:
    clerk = centre.world.clerk[OTHER]
    if kind == Kind.SUSPEND:
        with command():
            suspend(actor=centre.unit_admin, account=clerk, reason="抽查")
    change = refuse(actor=centre.auditor, change_id=noted(centre, kind).pk, note="理由不足")
    assert "不能" in change.outcome or "没有自动解除" in change.outcome
    assert fresh(clerk).is_active == (kind != Kind.SUSPEND)
    entry = Entry.objects.get(verb="org.refuse_change", subject_id=change.pk)
    assert entry.detail["outcome"] == change.outcome


def test_an_objection_ends_a_stand_in(centre: Parties) -> None:
    newcomer = centre.newcomer()
    with command():
        post = appoint(
            actor=centre.unit_admin, account=newcomer, unit=centre.unit, duty=Duty.CLERK,
            until=timezone.now() + timedelta(days=9), stands_in_for=centre.world.clerk[OTHER].posts.get(),
        )  # fmt: skip
    change = noted(centre, Kind.STAND_IN, post, post.account)
    assert fresh(post.account).has_perm("compose.write", centre.unit)
    outcome = refuse(actor=centre.auditor, change_id=change.pk, note="不合适").outcome
    assert "代岗从现在起结束" in outcome
    assert not fresh(post.account).has_perm("compose.write", centre.unit)


def test_what_acted_at_once_is_confirmed_and_not_withdrawn(centre: Parties) -> None:
    change = noted(centre, Kind.RESET)
    with pytest.raises(Refused, match="已经执行"):
        withdraw(actor=centre.unit_admin, change_id=change.pk)
    assert confirm(actor=centre.auditor, change_id=change.pk).state == ChangeState.CONFIRMED


def test_every_change_of_a_units_posts_is_filed_when_it_is_in_force(centre: Parties) -> None:
    before = Filing.objects.count()
    change = centre.asked()
    assert Filing.objects.count() == before
    confirm(actor=centre.auditor, change_id=change.pk)
    filed = Filing.objects.filter(account=change.account).get()
    assert (filed.unit, filed.by, filed.noted_at) == (centre.unit, centre.auditor, None)
    assert filed.what == f"{change.account.name}任文件管理员"
    noted(centre, Kind.RESET)
    assert Filing.objects.filter(what__startswith="恢复初始密码").exists()


def test_of_several_each_stands_for_itself(centre: Parties) -> None:
    good, bad = centre.asked(centre.newcomer("n1")), centre.asked(centre.newcomer("n2"))
    Staff.objects.filter(pk=bad.account_id).update(established=False)
    ids = [bad.pk, good.pk, good.pk]
    results = review_several(actor=centre.auditor, change_ids=ids, review=confirm, note="")
    assert [(each.change_id, bool(each.fault)) for each in results] == [(bad.pk, True), (good.pk, False)]
    assert posts_of(good.account) and not posts_of(bad.account)
    for wrong in ([], [new_id() for _ in range(101)]):
        with pytest.raises(Invalid):
            review_several(actor=centre.auditor, change_ids=wrong, review=confirm, note="")
