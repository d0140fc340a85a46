"""Submitting (提交): the application gets its number, once, and waits for the operator."""

import uuid

from django.utils import timezone

from yichuan.changes.content import content_of
from yichuan.changes.models import Application, Attachment, Series
from yichuan.changes.services.facts import check_facts
from yichuan.changes.services.parties import centre_unit, locked
from yichuan.changes.services.stepping import said, step
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command, require_transaction
from yichuan.org.models import CentreRole, Unit

NEEDS_PROOF = (Application.Kind.JOIN, Application.Kind.MERGE_INTO, Application.Kind.MERGE_NEW)


def submit(*, actor: Actor, application_id: uuid.UUID, words: str = "") -> Application:
    """Hand the application in, for the first time or after a correction. A command."""
    words = said(words)
    with command():
        application, transition = locked(actor, application_id, "submit")
        require_papers(application, {each.role for each in application.attachments.all()})
        check_facts(application.unit, content_of(application))
        give_number(application)
        step(application, transition, actor, words)
    return application


def require_papers(application: Application, roles: set[str]) -> None:
    """The head's signed letter always; the proof where a unit comes to be or is changed by another's decision (J-8)."""
    if Attachment.Role.LETTER not in roles:
        raise Invalid({"letter": "还缺申请函：请上传负责人签字、加盖公章的申请函扫描件。"})
    if application.kind in NEEDS_PROOF and Attachment.Role.PROOF not in roles:
        raise Invalid({"proof": f"还缺证明材料：请上传{proof_of(application)}。"})


def proof_of(application: Application) -> str:
    """Which paper proves it: the kind of unit decides (J-8)."""
    if application.kind in (Application.Kind.MERGE_INTO, Application.Kind.MERGE_NEW):
        return "机构合并的编办批文"
    approved = application.content.get("unit_kind") == Unit.Kind.APPROVED
    return "批准参加公文交换的文件和单位登记证明" if approved else "单位成立的编办批文"


def give_number(application: Application) -> None:
    """The next number of the year, unless it has one; none is left out where the transaction holds. A step."""
    require_transaction()
    centre_unit(CentreRole.Role.OPERATING)  # somebody must be there to accept it
    if application.number:
        return
    at = clock.now()
    year = timezone.localdate(at).year
    Series.objects.get_or_create(year=year)
    series = Series.objects.select_for_update().get(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    application.number = f"SQ{year}-{series.last:04d}"
    application.submitted_at = at
