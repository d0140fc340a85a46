"""Presence in a session (J-23): three different people, each proven by a fresh signature at least every minute.

What every verb of a session shares stands here: who may be which party, and whether the session still stands. Locks are
taken in one order: the session, then its application, then a seal.
"""

import uuid
from datetime import datetime

from django.http import HttpRequest

from yichuan.common import clock
from yichuan.common.errors import NotAllowed, NotFound, Refused
from yichuan.common.transactions import command, require_transaction
from yichuan.people.models import Account
from yichuan.people.services.challenge import Action, Proof, answer, digest_of, session_digest
from yichuan.seals.ceremony import GRACE, PARTIES, PROOF_LASTS
from yichuan.seals.kinds import ApplicationState, CeremonyState, Party
from yichuan.seals.models import Attendance, Ceremony
from yichuan.seals.permissions import SealsPermission as May
from yichuan.seals.services.parties import Role, party, require
from yichuan.seals.services.sign_application import signature_holds

GONE = "没有这次会签，或者与你无关。请回到「制章会签」查看。"
LIVING = (CeremonyState.GATHERING, CeremonyState.MAKING, CeremonyState.MINUTES)


def locked_ceremony(ceremony_id: uuid.UUID) -> Ceremony:
    """The session, locked until the transaction ends. A step."""
    require_transaction()
    rows = Ceremony.objects.select_for_update(of=("self",)).select_related("application", "application__unit")
    found = rows.filter(pk=ceremony_id).first()
    if found is None:
        raise NotFound("no_ceremony", GONE)
    return found


def parties_open_to(actor: Account, ceremony: Ceremony) -> tuple[Party, ...]:
    """Which of the three the person may be: by post, and for the unit the one whom the application names."""
    supervising, operating = party(Role.SUPERVISING), party(Role.OPERATING)
    may = {
        Party.SUPERVISOR: supervising is not None and actor.has_perm(May.WITNESS, supervising),
        Party.OPERATOR: operating is not None and actor.has_perm(May.MAKE, operating),
        Party.UNIT: ceremony.request["attendant"]["account"] == str(actor.pk)
        and actor.has_perm(May.ATTEND, ceremony.application.unit),
    }
    return tuple(each for each in PARTIES if may[each])


def require_party(actor: Account, ceremony: Ceremony, wanted: Party) -> None:
    """Raise unless the person may be this party. Whoever is nothing at all learns nothing of the session."""
    open_to = parties_open_to(actor, ceremony)
    if wanted in open_to:
        return
    if not open_to:
        raise NotFound("no_ceremony", GONE)
    if wanted is Party.UNIT:
        raise NotAllowed("not_the_attendant", f"用章单位到场的应是申请写明的{ceremony.request['attendant']['name']}。")
    permission = May.WITNESS if wanted is Party.SUPERVISOR else May.MAKE
    require(actor, permission, ceremony.application.unit)


def require_in_post(ceremony: Ceremony, row: Attendance) -> None:
    """Refuse where a party's person has lost the post since they came (`left_the_post`)."""
    if Party(row.party) not in parties_open_to(row.account, ceremony):
        said = f"{Party(row.party).label}{row.account.name}已不在岗位上，不能再代表这一方。请中止会签。"
        raise Refused("left_the_post", said)


def is_present(attendance: Attendance, at: datetime) -> bool:
    """Whether the last proof is fresh."""
    return attendance.proven_at + PROOF_LASTS + GRACE >= at


def attendances_of(ceremony: Ceremony) -> dict[Party, Attendance]:
    """Those who came, by party."""
    rows = ceremony.attendances.select_related("account")
    return {Party(row.party): row for row in rows}


def end_of(ceremony: Ceremony, here: dict[Party, Attendance], at: datetime) -> str:
    """Why a session that has not ended cannot go on any more, in words; empty where it can."""
    if ceremony.expires_at < at:
        return "十分钟内没有办完"
    for each, row in here.items():
        if not is_present(row, at):
            return f"{each.label}{row.account.name}已离开"
    return ""


def require_going_on(ceremony: Ceremony, *states: CeremonyState) -> dict[Party, Attendance]:
    """Those who came, where the locked session is in one of `states`, in time, and nobody has left. A step."""
    require_transaction()
    if ceremony.state not in (states or LIVING):
        label = CeremonyState(ceremony.state).label
        reason = f"（{ceremony.reason}）" if ceremony.reason else ""
        raise Refused("ceremony_state", f"这次会签现在是「{label}」{reason}，不能这样办理。请刷新页面看最新情况。")
    here = attendances_of(ceremony)
    if reason := end_of(ceremony, here, clock.now()):
        raise Refused("ceremony_ended", f"{reason}，这次会签已经作废，什么也没有做成。请重新开始会签。")
    return here


def require_same(ceremony: Ceremony, digest: str) -> None:
    """Refuse a page that shows something else than this session's request (`ceremony_stale`)."""
    if digest != ceremony.digest:
        raise Refused("ceremony_stale", "这一页显示的内容不是本次会签的内容，没有办理。请刷新页面，重新核对。")


def require_standing_application(ceremony: Ceremony) -> None:
    """Refuse where application or unit changed meanwhile, or the application was sent back (`application_changed`)."""
    application, unit = ceremony.application, ceremony.application.unit
    if unit.closed_at is not None or unit.name != ceremony.request["unit"]["name"]:
        raise Refused("application_changed", "用章单位在会签期间更名或者注销，不能按原来的内容办理。请中止会签。")
    same = application.digest == ceremony.request["application"]["digest"]
    if application.state != ApplicationState.APPROVED or not same or not signature_holds(application):
        raise Refused("application_changed", "印章申请在会签期间有变动，不能按原来的内容办理。请中止会签，重新开始。")


def own_attendance(actor: Account, here: dict[Party, Attendance], wanted: Party, session: str) -> Attendance:
    """The person's own place, held from this very login. Refused `not_here` or `other_session`."""
    row = here.get(wanted)
    if row is None or row.account_id != actor.pk:
        raise Refused("not_here", "你还没有在这次会签到场。请先用本人证书证明到场。")
    if row.session_digest != session:
        raise Refused("other_session", "你是在另一个登录里到场的，请回到那个窗口，或在这里重新证明到场。")
    return row


def proof_of(
    request: HttpRequest,
    actor: Account,
    *,
    action: Action,
    parts: tuple[str, ...],
    challenge_id: uuid.UUID,
    certificate: bytes,
    signature: bytes,
) -> Proof:
    """The person's own certificate over `parts`, signed just now. A command; refused as `challenge.answer`."""
    proof = answer(
        request,
        action=action,
        challenge_id=challenge_id,
        certificate=certificate,
        signature=signature,
        digest=digest_of(*parts),
    )
    if proof.certificate.account_id != actor.pk:
        raise Refused("not_your_certificate", "这张证书不是你本人的。请换成本人的密钥文件或 USB Key。")
    return proof


def prove_presence(
    request: HttpRequest,
    *,
    actor: Account,
    ceremony_id: uuid.UUID,
    party: Party,
    challenge_id: uuid.UUID,
    certificate: bytes,
    signature: bytes,
) -> datetime:
    """在场: one more fresh signature; until when it counts. A command."""
    proof_of(
        request,
        actor,
        action=Action.PRESENT,
        parts=(str(ceremony_id), party),
        challenge_id=challenge_id,
        certificate=certificate,
        signature=signature,
    )
    with command():
        ceremony = locked_ceremony(ceremony_id)
        row = own_attendance(actor, require_going_on(ceremony), party, session_digest(request))
        if bytes(row.certificate) != certificate:
            raise Refused("other_certificate", "到场以后换了证书，不能算在场。请用到场时的证书。")
        row.proven_at = clock.now()
        row.save(update_fields=["proven_at"])
    return row.proven_at + PROOF_LASTS
