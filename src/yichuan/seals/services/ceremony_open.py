"""开始会签: a session of three parties about one approved application (J-23). The request is fixed here."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.ids import new_id
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.keys.services.authority import LEAF_LASTS
from yichuan.keys.services.registry import ISSUING, certificate_of
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate
from yichuan.org.models import CentreRole
from yichuan.people.models import Account
from yichuan.seals.ceremony import LASTS, digest_of_request
from yichuan.seals.kinds import CeremonyState, Matter, Part
from yichuan.seals.models import Ceremony, Seal, SealApplication
from yichuan.seals.permissions import SealsPermission as May
from yichuan.seals.services.application_facts import require_sound
from yichuan.seals.services.issue import subject_of
from yichuan.seals.services.move import certificates
from yichuan.seals.services.parties import centre_unit, require, tell
from yichuan.seals.services.sign_application import require_signed
from yichuan.seals.states import APPLICATION, SEAL

EVENT = "seal_ceremony"


def open_ceremony(*, actor: Actor, application_id: uuid.UUID) -> Ceremony:
    """Open the session; the three come on their own. A command of the operator's."""
    with command():
        application = locked_application(application_id)
        APPLICATION.find("finish", application.state)
        require(actor, May.MAKE, application.unit)
        require_signed(application)
        require_sound(application)
        _require_none_open(application)
        number, now = _next_number(), clock.now()
        ceremony = Ceremony(
            number=number,
            application=application,
            state=CeremonyState.GATHERING,
            opened_by_id=actor.pk,
            opened_at=now,
            expires_at=now + LASTS,
        )
        ceremony.request = _request(ceremony, application)
        ceremony.digest = digest_of_request(ceremony.request)
        ceremony.save(force_insert=True)
        detail = {"number": number, "application": application.number, "digest": ceremony.digest}
        record(verb="seals.open_ceremony", actor=actor, unit_id=application.unit_id, subject=ceremony, detail=detail)
        tell(EVENT, application.unit, ceremony.pk)
    return ceremony


def locked_application(application_id: uuid.UUID) -> SealApplication:
    """The application, locked until the transaction ends. A step."""
    row = (
        SealApplication.objects.select_for_update(of=("self",))
        .select_related("unit", "imprint", "imprint__unit_name", "seal", "attendant", "verification_holder")
        .filter(pk=application_id)
        .first()
    )
    if row is None:
        raise NotFound("no_application", "没有这份印章申请，请回到申请列表查看。")
    return row


def _require_none_open(application: SealApplication) -> None:
    """One session at a time; one that nobody can go on with any more makes way when the centre has undone it."""
    running = application.ceremonies.filter(ended_at=None).first()
    if running is None:
        return
    if running.expires_at < clock.now():
        raise Refused("ceremony_ending", f"会签 {running.number} 已到时失效，正在撤销。请半分钟后再开始。")
    raise Refused("ceremony_open", f"这份申请的会签 {running.number} 正在进行，不用再开始。请到「制章会签」打开。")


def _next_number() -> str:
    """The next of the year. A step; the operator's row keeps two sessions from taking the same one."""
    centre_unit(CentreRole.Role.OPERATING)
    CentreRole.objects.select_for_update().get(role=CentreRole.Role.OPERATING)
    begins = f"HQ{timezone.localdate(clock.now()).year}-"
    last = Ceremony.objects.filter(number__startswith=begins).order_by("-number").values_list("number").first()
    return f"{begins}{int(last[0][-4:]) + 1 if last else 1:04d}"


def _request(ceremony: Ceremony, application: SealApplication) -> dict[str, Any]:
    attendant = application.attendant
    if attendant is None or not attendant.is_active:
        raise Refused("no_attendant", "申请没有写明谁代表本单位到场，或者这人的账号已停用。请退回单位补正。")
    request: dict[str, Any] = {
        "ceremony": str(ceremony.pk),
        "number": ceremony.number,
        "application": {"id": str(application.pk), "number": application.number, "digest": application.digest},
        "matter": application.matter,
        "cause": application.cause,
        "unit": {"id": str(application.unit_id), "name": application.unit.name},
        "attendant": _person(attendant),
    }
    if application.matter == Matter.DESTROY:
        return request | _of_the_old(application)
    return request | _of_the_new(application, ceremony.opened_at)


def _of_the_old(application: SealApplication) -> dict[str, Any]:
    seal = application.seal
    if seal is None:
        raise Refused("no_seal", "申请没有写明销毁哪一枚印章。请退回单位补正。")
    SEAL.find("destroy", seal.state)
    serials = [row.serial for row in certificates(seal)]
    named = {"id": str(seal.pk), "name": seal.name, "digest": sm3(bytes(seal.der)).hex(), "serials": serials}
    return {"seal": named, "carrier": seal.carrier}


def _of_the_new(application: SealApplication, at: datetime) -> dict[str, Any]:
    imprint, holder = application.imprint, application.verification_holder
    if imprint is None or imprint.approved_at is None:
        raise Refused("no_imprint", "申请没有单位确认过的印模。请退回单位补正。")
    if holder is None or not holder.is_active:
        raise Refused("no_holder", "申请没有写明验证印章由谁保管，或者这人的账号已停用。请退回单位补正。")
    if imprint.unit_id != application.unit_id:
        raise Refused("other_imprint", "申请里的印模是另一个单位的。请退回单位补正。")
    name, unit = imprint.name, application.unit.name
    until = min(at + LEAF_LASTS, certificate_of(ISSUING).not_after)
    seal = {"id": str(new_id()), "name": name}
    if application.seal is not None:
        seal["replaces"] = _replaced(application.seal)
    return {
        "seal": seal,
        "imprint": {
            "digest": imprint.digest,
            "diameter_mm": str(imprint.diameter_mm),
            "bottom_line": str(imprint.inputs.get("bottom_line", "")),
        },
        "certificate": {
            "algorithm": "SM2/SM3",
            "organisation": unit,
            "signing": str(subject_of(Part.SIGNING, name, unit)),
            "verification": str(subject_of(Part.VERIFICATION, name, unit)),
            "since": timezone.localtime(at).isoformat(timespec="seconds"),
            "until": timezone.localtime(until).isoformat(timespec="seconds"),
        },
        "carrier": application.carrier,
        "custody": {
            "quorum": application.quorum,
            "opening_kind": application.opening_kind,
            "opening_limit": application.opening_limit,
            "custodians": list(_custodians(application.custodians, holder)),
        },
        "verification_holder": _person(holder),
    }


def _replaced(seal: Seal) -> str:
    return f"{Certificate.from_der(bytes(seal.certificate)).serial:x}"


def _custodians(entries: Iterable[dict[str, str]], holder: Account) -> Iterable[dict[str, str]]:
    """The custodians by name, in the order of the application."""
    wanted = list(entries)
    people = Account.objects.in_bulk([uuid.UUID(each["account"]) for each in wanted])
    if not wanted or len(people) < len(wanted) or not all(person.is_active for person in people.values()):
        raise Refused("no_custodian", "申请里的印章保管人不全，或者有人的账号已停用。请退回单位补正。")
    if holder.pk in people:
        raise Refused("holder_is_custodian", "验证印章要由签名印章保管人以外的人保管（第十八条）。请退回单位补正。")
    for each in wanted:
        yield _person(people[uuid.UUID(each["account"])]) | {"role": each["role"]}


def _person(account: Account) -> dict[str, str]:
    return {"account": str(account.pk), "name": account.name}
