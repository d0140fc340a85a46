"""Replacing the sole auditor (P4, G-5): one of the two other administrators proposes, the other and the supervising
office agree, and only then it is in force. The auditor has no part in it and cannot hold it up."""

import uuid

from django.db.models import Q

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, AccessConfirmation, CentreRole, Post, Staff
from yichuan.org.selectors import in_force, not_ended
from yichuan.org.services.access import said
from yichuan.org.services.access_rules import check_person
from yichuan.org.services.appoint import appoint
from yichuan.org.services.dismiss import dismiss
from yichuan.org.services.review_access import locked_change
from yichuan.org.services.settle import settle
from yichuan.org.states import CHANGE, ChangeState
from yichuan.people.models import Account
from yichuan.people.services.end_sessions import end_sessions

Party = AccessConfirmation.Party
OTHERS = (Duty.SYSTEM_ADMIN, Duty.SECURITY_OFFICER)
REPLACED = AccessChange.Kind.REPLACE_AUDITOR


def propose(*, actor: Account, account_id: uuid.UUID, reason: str) -> AccessChange:
    """Propose a new auditor. A command."""
    with command():
        account = Account.objects.select_for_update().filter(pk=account_id).first()
        if account is None:
            raise Invalid({"account": "没有这个人，请重新选择。"})
        if not _posts(actor, OTHERS):
            raise NotAllowed("no_permission", "更换审计员由系统管理员或系统保密员提出。")
        change = AccessChange(
            kind=REPLACED,
            account=account,
            duty=Duty.AUDITOR,
            post=_present_post(),
            reason=said(reason),
            requested_by=actor,
            requested_at=clock.now(),
            state=ChangeState.WAITING,
        )
        _check_newcomer(change)
        if AccessChange.objects.filter(kind=REPLACED, state=ChangeState.WAITING).exists():
            raise Refused("asked_already", "已经有一份更换审计员的申请在等确认，请先办完或撤回那一份。")
        change.save(force_insert=True)
        _record("org.request_change", actor, change)
    return change


def agree(*, actor: Account, change_id: uuid.UUID) -> AccessChange:
    """One party agrees; with the second word the new auditor is in force. A command."""
    with command():
        change, party = _open_to(actor, change_id)
        row = CHANGE.find("agree", change.state)
        if change.confirmations.filter(party=party).exists():
            raise Refused("agreed_already", f"{party.label}已经同意过了，等另一方确认。")
        _check_words_stand(change)
        AccessConfirmation.objects.create(change=change, party=party, account=actor, at=clock.now())
        _record(row.audit, actor, change, party=party)
        if change.confirmations.count() == len(Party):
            _replace(actor, change)
    return change


def decline(*, actor: Account, change_id: uuid.UUID, note: str) -> AccessChange:
    """One party does not agree, and the auditor stays. A command."""
    with command():
        change, party = _open_to(actor, change_id)
        change.review_note, change.outcome = said(note, field="note"), "没有执行，审计员不变"
        _close(actor, change, "decline", party=party)
    return change


def party_of(actor: Account, change: AccessChange) -> AccessConfirmation.Party | None:
    """For whom this person may speak: neither the proposer nor another holder of the proposer's own post."""
    if actor.pk in (change.requested_by_id, change.account_id) or not actor.is_active:
        return None
    then = Q(since__lte=change.requested_at) & (Q(until=None) | Q(until__gt=change.requested_at))
    proposed_as = Post.objects.filter(then, account=change.requested_by_id, duty__in=OTHERS)
    if any(post.duty not in proposed_as.values_list("duty", flat=True) for post in _posts(actor, OTHERS)):
        return Party.ADMINISTRATOR
    supervising = CentreRole.objects.filter(role=CentreRole.Role.SUPERVISING).values_list("unit", flat=True)
    if any(post.unit_id in supervising for post in _posts(actor, (Duty.SUPERVISOR,))):
        return Party.SUPERVISOR
    return None


def _open_to(actor: Account, change_id: uuid.UUID) -> tuple[AccessChange, AccessConfirmation.Party]:
    """The change, locked, and the party for which the actor speaks."""
    change = locked_change(change_id)
    if change.kind != REPLACED:
        raise NotFound("no_change", "没有这份更换审计员的申请。")
    CHANGE.find("agree", change.state)
    party = party_of(actor, change)
    if party is None:
        raise NotAllowed("not_a_party", "更换审计员由提出人以外的另一员和主管单位确认，你不能办理。")
    return change, party


def _check_words_stand(change: AccessChange) -> None:
    """Who proposed it and who agreed must still be who they spoke as: three in office, none of them gone meanwhile."""
    proposer = change.requested_by
    gone = [] if proposer and proposer.is_active and _posts(proposer, OTHERS) else ["提出人"]
    gone += [
        each.get_party_display()
        for each in change.confirmations.select_related("account")
        if party_of(each.account, change) != each.party
    ]
    if gone:
        raise Refused(
            "no_longer_in_office",
            f"{'、'.join(gone)}已经不在原来的岗位上，这份申请不能再同意。请选「不同意」了结，由现任的人重新提出。",
        )


def _replace(actor: Account, change: AccessChange) -> None:
    present = _present_post()
    if present is not None:
        dismiss(actor=actor, post=present)
        end_sessions(present.account)
    _check_newcomer(change)
    settle(Staff.objects.select_for_update().get(account=change.account), duty=Duty.AUDITOR, unit=None)
    appoint(actor=actor, account=change.account, unit=None, duty=Duty.AUDITOR)
    change.outcome = "新的审计员从现在起上岗，原审计员的岗位和会话已经结束"
    _close(actor, change, "replace")


def _present_post() -> Post | None:
    """The auditor's post as it is now, locked: two proposals or agreements come one after the other."""
    return not_ended(Post.objects.select_for_update().filter(duty=Duty.AUDITOR)).order_by("since").first()


def _check_newcomer(change: AccessChange) -> None:
    staff = Staff.objects.filter(account=change.account).first()
    if staff is None:
        raise Invalid({"account": "这个人没有人员登记，请先登记人员。"})
    check_person(staff, change)


def _posts(actor: Account, duties: tuple[Duty, ...]) -> list[Post]:
    """The posts of these duties that the actor holds at this very moment."""
    return list(in_force(Post.objects.filter(account=actor, duty__in=duties)))


def _close(actor: Account, change: AccessChange, verb: str, **detail: str) -> None:
    row = CHANGE.find(verb, change.state)
    change.state, change.reviewed_by, change.reviewed_at = row.target, actor, clock.now()
    change.save(update_fields=["state", "reviewed_by", "reviewed_at", "review_note", "outcome"])
    _record(row.audit, actor, change, **detail)


def _record(verb: str, actor: Account, change: AccessChange, **detail: str) -> None:
    former = change.post.account.username if change.post else ""
    said_of = {"kind": change.kind, "account": change.account.username, "former": former, **detail}
    record(verb=verb, actor=actor, subject=change, detail=said_of)
