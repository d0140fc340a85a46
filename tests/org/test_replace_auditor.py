"""The sole auditor is replaced by the two other administrators and the supervising office together (P4, G-5)."""

import pytest
from django.utils import timezone

from support.access import OTHER, SUPERVISING, Parties, fresh, parties, posts_of
from support.at_once import at_once
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, CentreRole, Filing, Post, Staff
from yichuan.org.services.appoint import appoint
from yichuan.org.services.dismiss import dismiss
from yichuan.org.services.replace_auditor import agree, decline, propose
from yichuan.org.services.review_access import confirm, refuse, withdraw
from yichuan.org.states import ChangeState
from yichuan.people.models import Account


@pytest.fixture
def centre(world: World) -> Parties:
    return parties(world)


def proposed(centre: Parties, actor: Account | None = None, account: Account | None = None) -> AccessChange:
    newcomer = account or centre.newcomer()
    return propose(actor=actor or centre.system_admin, account_id=newcomer.pk, reason="原审计员调离")


def in_force(centre: Parties, change: AccessChange) -> bool:
    """Whether the newcomer reviews and the one before does not; neither half alone."""
    new, old = fresh(change.account).has_perm("org.review_access"), fresh(centre.auditor).has_perm("org.review_access")
    assert new != old
    return new


@pytest.mark.parametrize("first", ["administrator", "supervisor"])
@pytest.mark.parametrize("proposer", ["system_admin", "security_officer"])
def test_it_is_in_force_with_the_second_word_and_not_before(centre: Parties, proposer: str, first: str) -> None:
    actor = getattr(centre, proposer)
    other = centre.security_officer if actor == centre.system_admin else centre.system_admin
    change = proposed(centre, actor)
    words = [other, centre.supervisor] if first == "administrator" else [centre.supervisor, other]
    assert not in_force(centre, change)
    agree(actor=words[0], change_id=change.pk)
    assert not in_force(centre, change)
    agree(actor=words[1], change_id=change.pk)
    assert in_force(centre, change)
    change.refresh_from_db()
    assert change.state == ChangeState.CONFIRMED
    assert Staff.objects.get(pk=change.account_id).unit is None
    verbs = list(Entry.objects.filter(subject_id=change.pk).order_by("id").values_list("verb", flat=True))
    assert verbs == ["org.request_change", "org.agree_to_auditor", "org.agree_to_auditor", "org.replace_auditor"]
    assert Filing.objects.filter(account=change.account, what__contains="系统审计员").exists()
    assert Filing.objects.filter(account=centre.auditor, what__contains="不再任系统审计员").exists()


def test_the_auditor_of_before_is_out_of_the_centre_at_once(centre: Parties) -> None:
    browser = centre.world.browser(centre.auditor)
    assert browser.get("/access/review/").status_code == 200
    change = proposed(centre)
    agree(actor=centre.security_officer, change_id=change.pk)
    agree(actor=centre.supervisor, change_id=change.pk)
    answer = browser.get("/access/review/")
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/login/")


def test_the_auditor_neither_stops_nor_speeds_it(centre: Parties) -> None:
    change = proposed(centre)
    for act in (confirm, refuse):
        with pytest.raises(NotAllowed):
            act(actor=centre.auditor, change_id=change.pk, note="不同意")
    for attempt in (agree, withdraw):
        with pytest.raises(NotAllowed):
            attempt(actor=centre.auditor, change_id=change.pk)
    with pytest.raises(NotAllowed):
        decline(actor=centre.auditor, change_id=change.pk, note="不同意")
    with pytest.raises(NotAllowed):
        propose(actor=centre.auditor, account_id=centre.newcomer("n2").pk, reason="x")
    assert AccessChange.objects.get(pk=change.pk).state == ChangeState.WAITING


def test_the_proposer_is_no_second_party(centre: Parties) -> None:
    change = proposed(centre)
    with pytest.raises(NotAllowed):
        agree(actor=centre.system_admin, change_id=change.pk)
    colleague = centre.world.holder(Duty.SYSTEM_ADMIN, number=2)  # the same post as the proposer's
    with pytest.raises(NotAllowed):
        agree(actor=colleague, change_id=change.pk)


def test_one_party_has_one_word(centre: Parties) -> None:
    change = proposed(centre)
    agree(actor=centre.supervisor, change_id=change.pk)
    second = centre.world.holder(Duty.SUPERVISOR, SUPERVISING, number=2)
    for actor in (centre.supervisor, second):
        with pytest.raises(Refused, match="已经同意过"):
            agree(actor=actor, change_id=change.pk)
    assert not in_force(centre, change)


def test_only_the_office_that_supervises_now_speaks_for_supervision(centre: Parties) -> None:
    change = proposed(centre)
    CentreRole.objects.filter(role=CentreRole.Role.SUPERVISING).update(unit=centre.unit)
    with pytest.raises(NotAllowed):
        agree(actor=centre.supervisor, change_id=change.pk)


@pytest.mark.parametrize("how", ["dismissed", "suspended"])
@pytest.mark.parametrize("who", ["system_admin", "supervisor"])
def test_the_word_of_somebody_who_left_office_counts_no_more(centre: Parties, who: str, how: str) -> None:
    change = proposed(centre)
    agree(actor=centre.supervisor, change_id=change.pk)
    gone = getattr(centre, who)
    if how == "suspended":
        Account.objects.filter(pk=gone.pk).update(is_active=False)
    else:
        with command():
            dismiss(actor=None, post=Post.objects.get(account=gone))
    with pytest.raises(Refused) as refused:
        agree(actor=fresh(centre.security_officer), change_id=change.pk)
    assert refused.value.code == "no_longer_in_office"
    assert not in_force(centre, change)
    decline(actor=fresh(centre.security_officer), change_id=change.pk, note="由现任的人重新提出")
    assert proposed(centre, centre.security_officer, centre.newcomer("another")).state == ChangeState.WAITING


def test_who_held_the_other_post_before_does_not_take_its_word_along(centre: Parties) -> None:
    with command():
        dismiss(actor=None, post=Post.objects.get(account=centre.system_admin))
        appoint(actor=None, account=centre.system_admin, unit=None, duty=Duty.SECURITY_OFFICER)
        dismiss(actor=None, post=Post.objects.get(account=centre.security_officer))
        appoint(actor=None, account=centre.security_officer, unit=None, duty=Duty.SYSTEM_ADMIN)
    change = proposed(centre, fresh(centre.system_admin))
    agree(actor=fresh(centre.security_officer), change_id=change.pk)
    agree(actor=centre.supervisor, change_id=change.pk)
    assert in_force(centre, change)


def test_others_have_no_word(centre: Parties) -> None:
    change = proposed(centre)
    for actor in (centre.unit_admin, centre.world.clerk[OTHER], change.account):
        with pytest.raises(NotAllowed):
            agree(actor=actor, change_id=change.pk)
        with pytest.raises(NotAllowed):
            propose(actor=actor, account_id=change.account_id, reason="x")


def test_the_new_auditor_holds_nothing_else_and_qualifies(centre: Parties) -> None:
    for person, words in (
        (centre.world.clerk[OTHER], "不兼任"),
        (centre.system_admin, "不兼任"),
        (centre.security_officer, "不兼任"),
        (centre.auditor, "不兼任"),
        (centre.newcomer("n2", established=False), "在编"),
        (centre.newcomer("n3", trained_on=None), "培训"),
    ):
        with pytest.raises(Invalid, match=words):
            proposed(centre, account=person)


def test_who_took_a_post_in_between_does_not_become_auditor(centre: Parties) -> None:
    change = proposed(centre)
    agree(actor=centre.supervisor, change_id=change.pk)
    Post.objects.create(account=change.account, unit=centre.unit, duty=Duty.CLERK, since=timezone.now())
    with pytest.raises(Invalid, match="不兼任"):
        agree(actor=centre.security_officer, change_id=change.pk)
    assert not in_force(centre, change)
    assert not change.confirmations.filter(account=centre.security_officer).exists()


@pytest.mark.parametrize("who", ["security_officer", "supervisor"])
def test_either_party_may_decline(centre: Parties, who: str) -> None:
    change = proposed(centre)
    with pytest.raises(Invalid):
        decline(actor=getattr(centre, who), change_id=change.pk, note=" ")
    decline(actor=getattr(centre, who), change_id=change.pk, note="另有人选")
    assert not in_force(centre, change)
    with pytest.raises(Refused, match="不能这样办理"):
        agree(actor=centre.supervisor, change_id=change.pk)


def test_the_proposer_takes_it_back(centre: Parties) -> None:
    change = proposed(centre)
    withdraw(actor=centre.system_admin, change_id=change.pk)
    with pytest.raises(Refused, match="已撤回"):
        agree(actor=centre.supervisor, change_id=change.pk)


def test_one_proposal_at_a_time(centre: Parties) -> None:
    proposed(centre)
    with pytest.raises(Refused, match="已经有一份"):
        proposed(centre, centre.security_officer, centre.newcomer("n2"))


def test_a_centre_whose_auditors_post_ended_gets_one_the_same_way(centre: Parties) -> None:
    centre.auditor.posts.update(until=timezone.now())
    change = proposed(centre)
    agree(actor=centre.security_officer, change_id=change.pk)
    agree(actor=centre.supervisor, change_id=change.pk)
    assert in_force(centre, change)


def test_both_words_at_the_same_instant_replace_the_auditor_once(committed_world: World) -> None:
    centre = parties(committed_world)
    change = proposed(centre)
    actors = [centre.security_officer, centre.supervisor] * 2

    def act(number: int) -> None:
        agree(actor=fresh(actors[number]), change_id=change.pk)

    raised = at_once(act, 4)
    assert len(raised) == 2 and all(isinstance(error, Refused) for error in raised)
    assert in_force(centre, change)
    assert len(posts_of(change.account)) == 1


def test_the_page_shows_each_party_what_it_may_do(centre: Parties) -> None:
    change = proposed(centre)
    pages = {}
    for actor in (centre.system_admin, centre.security_officer, centre.supervisor):
        answer = centre.world.browser(actor).get("/access/auditor/")
        assert answer.status_code == 200
        pages[actor] = answer.content.decode()
        assert f"由{change.account.name}接任系统审计员" in pages[actor]
    assert "撤回申请" in pages[centre.system_admin]
    assert f"/access/auditor/{change.pk}/agree/" not in pages[centre.system_admin]
    assert "提出更换" not in pages[centre.supervisor]
    for actor in (centre.security_officer, centre.supervisor):
        assert f"/access/auditor/{change.pk}/agree/" in pages[actor]
        answer = centre.world.browser(actor).post(f"/access/auditor/{change.pk}/agree/")
        assert answer.headers["Location"] == "/access/auditor/"
    assert in_force(centre, change)


def test_it_is_proposed_on_the_page(centre: Parties) -> None:
    browser, newcomer = centre.world.browser(centre.system_admin), centre.newcomer()
    assert newcomer.name in browser.get("/access/auditor/", {"q": newcomer.name[:2]}).content.decode()
    assert browser.post("/access/auditor/new/", {"account": newcomer.pk, "reason": ""}).status_code == 422
    assert browser.post("/access/auditor/new/", {"account": "x", "reason": "调离"}).status_code == 422
    assert browser.post("/access/auditor/new/", {"account": newcomer.pk, "reason": "调离"}).status_code == 302
    assert AccessChange.objects.get(account=newcomer).state == ChangeState.WAITING
