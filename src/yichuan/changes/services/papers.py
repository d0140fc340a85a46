"""The papers of an application: taken, left out, read. What a file is, its bytes say, not its name."""

import uuid
from dataclasses import dataclass
from pathlib import PurePath

from yichuan.audit.selectors import recorded_lately
from yichuan.audit.services.record import record
from yichuan.changes.models import Application, Attachment
from yichuan.changes.services.keys import own_key
from yichuan.changes.services.parties import locked, visible
from yichuan.common import clock, sealed
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotFound
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command, require_transaction
from yichuan.exchange.services.look import AGAIN_AFTER
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.kinds import kind_of

MOST_FILES = 10
MOST_BYTES = 20 * 2**20
LONGEST_NAME = 120
TAKEN = {"pdf": ("application/pdf", (".pdf",)), "ofd": ("application/ofd", (".ofd",))} | {
    "jpeg": ("image/jpeg", (".jpg", ".jpeg")),
    "png": ("image/png", (".png",)),
}


@dataclass(frozen=True)
class Paper:
    """A file as it was handed in."""

    role: str
    name: str
    data: bytes


def checked(paper: Paper, *, most: int = MOST_BYTES) -> tuple[str, str]:
    """The name as it is kept, and the media type. Raises `Invalid` for the paper's role."""
    field, name = paper.role, PurePath(paper.name.replace("\\", "/")).name.strip()
    if paper.role not in Attachment.Role.values:
        raise Invalid({"role": "请选择这份材料是什么。"})
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({field: f"文件名应在 1 到 {LONGEST_NAME} 个字之间。"})
    if hides_something(name):
        raise Invalid({field: "文件名里有看不见的字符，请改名后再选择。"})
    if not paper.data:
        raise Invalid({field: f"「{name}」是空文件，没有保存。"})
    if len(paper.data) > most:
        raise Invalid({field: f"「{name}」太大，每个文件不超过 {most // 2**20} MB，没有保存。"})
    kind = TAKEN.get(kind_of(paper.data))
    if kind is None or PurePath(name).suffix.lower() not in kind[1]:
        raise Invalid({field: f"「{name}」不是 PDF、OFD、JPG 或 PNG 文件，或者内容与文件名不符，没有保存。"})
    return name, kind[0]


def attach(*, actor: Actor, application_id: uuid.UUID, paper: Paper) -> Attachment:
    """Add a paper to an application that is in the applicant's hands. A command."""
    application = visible(actor, application_id)
    kept = write(application, paper)
    with command():
        found, _ = locked(actor, application_id, "submit")
        keep(found, [kept])
        detail = {"digest": kept.digest, "size": kept.size, "role": kept.role}
        record(verb="changes.attach", actor=actor, unit_id=found.unit_id, subject=found, detail=detail)
    return kept


def write(application: Application, paper: Paper, *, most: int = MOST_BYTES) -> Attachment:
    """Encrypt and store the file; the row is not kept yet. File and device work: not while locks are held."""
    name, media_type = checked(paper, most=most)
    kept = Attachment(application=application, role=paper.role, name=name, media_type=media_type)
    kept.size, kept.digest, kept.added_at = len(paper.data), sm3(paper.data).hex(), clock.now()
    kept.blob = sealed.write_bytes(own_key(application), kept.context, paper.data)
    return kept


def keep(application: Application, papers: list[Attachment]) -> None:
    """Keep the rows of files that were written, within the bound of an application. A step."""
    require_transaction()
    there = list(application.attachments.all())
    if len(there) + len(papers) > MOST_FILES:
        raise Invalid({papers[0].role: f"材料最多 {MOST_FILES} 个文件，请先去掉不需要的。"})
    last = max((each.order for each in there), default=0)
    for order, paper in enumerate(papers, start=last + 1):
        if any(each.digest == paper.digest and each.role == paper.role for each in there):
            raise Invalid({paper.role: f"「{paper.name}」已经添加过，内容一样，没有再存一份。"})
        paper.order = order
        paper.save(force_insert=True)


def detach(*, actor: Actor, application_id: uuid.UUID, attachment_id: uuid.UUID) -> None:
    """Leave out a paper while the application is in the applicant's hands. A command."""
    with command():
        application, _ = locked(actor, application_id, "submit")
        removed = application.attachments.filter(pk=attachment_id).first()
        if removed is None:
            raise NotFound("no_attachment", "没有这份材料。")
        removed.delete()
        detail = {"digest": removed.digest}
        record(verb="changes.detach", actor=actor, unit_id=application.unit_id, subject=application, detail=detail)


def read(*, actor: Actor, application_id: uuid.UUID, attachment_id: uuid.UUID) -> tuple[Attachment, bytes]:
    """A paper with its content; reading it is recorded, once an hour each. A command."""
    application = visible(actor, application_id)
    found = application.attachments.filter(pk=attachment_id).first()
    if found is None:
        raise NotFound("no_attachment", "没有这份材料。")
    data = sealed.read_bytes(own_key(application), found.context, found.blob)
    what, since = f"paper {found.order}", clock.now() - AGAIN_AFTER
    if not recorded_lately(verb="changes.look", actor=actor, subject=application, since=since, what=what):
        detail = {"what": what, "digest": found.digest}
        with command():
            record(verb="changes.look", actor=actor, unit_id=application.unit_id, subject=application, detail=detail)
    return found, data
