"""The papers of an application for a seal: taken, left out, read. What a file is, its bytes say, not its name."""

import uuid
from datetime import timedelta
from pathlib import PurePath

from yichuan.audit.selectors import recorded_lately
from yichuan.audit.services.record import record
from yichuan.common import clock, sealed
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotFound
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.kinds import kind_of
from yichuan.seals.models import Paper, SealApplication
from yichuan.seals.services.application_access import locked, visible
from yichuan.seals.services.application_keys import own_key

MOST_FILES = 10
MOST_BYTES = 20 * 2**20
LONGEST_NAME = 120
AGAIN_AFTER = timedelta(hours=1)
TAKEN = {"pdf": ("application/pdf", (".pdf",)), "ofd": ("application/ofd", (".ofd",))} | {
    "jpeg": ("image/jpeg", (".jpg", ".jpeg")),
    "png": ("image/png", (".png",)),
}


def attach(*, actor: Actor, application_id: uuid.UUID, role: str, name: str, data: bytes) -> Paper:
    """Add a paper to an application that is in the unit's hands. A command; the file is written before any lock."""
    application = visible(actor, application_id)
    name, media_type = _checked(role, name, data)
    paper = Paper(application=application, role=role, name=name, media_type=media_type)
    paper.size, paper.digest, paper.added_at = len(data), sm3(data).hex(), clock.now()
    paper.blob = sealed.write_bytes(own_key(application), paper.context, data)
    with command():
        found, _ = locked(actor, application_id, "propose")
        there = list(found.papers.all())
        if len(there) >= MOST_FILES:
            raise Invalid({"file": f"材料最多 {MOST_FILES} 个文件，请先去掉不需要的。"})
        if any(each.digest == paper.digest and each.role == role for each in there):
            raise Invalid({"file": f"「{name}」已经添加过，内容一样，没有再存一份。"})
        paper.order = max((each.order for each in there), default=0) + 1
        paper.save(force_insert=True)
        detail = {"digest": paper.digest, "size": paper.size, "role": role}
        record(verb="seals.attach_paper", actor=actor, unit_id=found.unit_id, subject=found, detail=detail)
    return paper


def detach(*, actor: Actor, application_id: uuid.UUID, paper_id: uuid.UUID) -> None:
    """Leave out a paper while the application is in the unit's hands. A command."""
    with command():
        application, _ = locked(actor, application_id, "propose")
        removed = _found(application, paper_id)
        removed.delete()
        detail = {"digest": removed.digest}
        unit_id = application.unit_id
        record(verb="seals.detach_paper", actor=actor, unit_id=unit_id, subject=application, detail=detail)


def read(*, actor: Actor, application_id: uuid.UUID, paper_id: uuid.UUID) -> tuple[Paper, bytes]:
    """A paper with its content; reading it is recorded, once an hour each. A command."""
    application = visible(actor, application_id)
    found = _found(application, paper_id)
    data = sealed.read_bytes(own_key(application), found.context, found.blob)
    what, since = f"paper {found.order}", clock.now() - AGAIN_AFTER
    if not recorded_lately(verb="seals.look_paper", actor=actor, subject=application, since=since, what=what):
        detail = {"what": what, "digest": found.digest}
        unit_id = application.unit_id
        with command():
            record(verb="seals.look_paper", actor=actor, unit_id=unit_id, subject=application, detail=detail)
    return found, data


def _found(application: SealApplication, paper_id: uuid.UUID) -> Paper:
    found = application.papers.filter(pk=paper_id).first()
    if found is None:
        raise NotFound("no_paper", "没有这份材料。")
    return found


def _checked(role: str, name: str, data: bytes) -> tuple[str, str]:
    """The name as it is kept, and the media type."""
    name = PurePath(name.replace("\\", "/")).name.strip()
    if role not in Paper.Role.values:
        raise Invalid({"role": "请选择这份材料是什么。"})
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"file": f"文件名应在 1 到 {LONGEST_NAME} 个字之间。"})
    if hides_something(name):
        raise Invalid({"file": "文件名里有看不见的字符，请改名后再选择。"})
    if not data:
        raise Invalid({"file": f"「{name}」是空文件，没有保存。"})
    if len(data) > MOST_BYTES:
        raise Invalid({"file": f"「{name}」太大，每个文件不超过 {MOST_BYTES // 2**20} MB，没有保存。"})
    kind = TAKEN.get(kind_of(data))
    if kind is None or PurePath(name).suffix.lower() not in kind[1]:
        raise Invalid({"file": f"「{name}」不是 PDF、OFD、JPG 或 PNG 文件，或者内容与文件名不符，没有保存。"})
    return name, kind[0]
