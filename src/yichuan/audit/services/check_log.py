"""核验全部日志: the auditor asks for it, a process that needs no page does it, its end stands in the log.

Whoever does it gives a sign of life with its progress. One that went silent is taken over and begun anew, for
verification changes nothing; after `MOST_TRIES` it is given up in words.
"""

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError
from django.db.models import Q, QuerySet

from yichuan.audit.faults import Verdict
from yichuan.audit.models import LogCheck
from yichuan.audit.permissions import AuditPermission
from yichuan.audit.services.record import record
from yichuan.audit.services.verify_log import verify_log
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import command
from yichuan.lib.merkle import CheckpointError, read_checkpoint

State = LogCheck.State
MOST_KEPT = 20
MOST_BYTES = 8_000
SILENT_AFTER = timedelta(minutes=2)
TELL_SECONDS = 1.0
MOST_TRIES = 3
OPEN = (State.WAITING, State.RUNNING)
GIVEN_UP = "核验没有做完，已经试了 3 次。请运行管理员查看服务的运行记录，再核验一次。"


@dataclass(frozen=True)
class Kept:
    """A file that is said to be a checkpoint: its name and what is in it."""

    name: str
    data: bytes


class Interrupted(Exception):
    """The process is to end, or another one does this check."""


def begin_check(*, actor: Actor, kept: Sequence[Kept] = ()) -> LogCheck:
    """Ask for a verification of the whole log, compared with these kept checkpoints. A command.

    Raises Invalid on a file that is no checkpoint, Refused while another verification is not done.
    """
    check(actor, AuditPermission.SEE_LOG, None)
    texts = _checkpoints(kept)
    try:
        with command():
            if LogCheck.objects.filter(state__in=OPEN).exists():
                raise _already()
            made = LogCheck.objects.create(
                asked_by=actor.pk, asked_name=actor.name, asked_at=clock.now(), kept=texts,
            )  # fmt: skip
            record(verb="audit.begin_check", actor=actor, subject=made, detail={"checkpoints": len(texts)})
    except IntegrityError as twice:
        raise _already() from twice
    return made


def carry_on(interrupted: Callable[[], bool] = lambda: False) -> bool:
    """Do the check that waits, or one whose process died; whether there was one. Commands; for a process without a
    page. It ends early where `interrupted` says so, and the check waits again."""
    taken = _take()
    if taken is None:
        return False
    try:
        _end(taken, _verified(taken, interrupted))
    except Interrupted:
        _running(taken).update(state=State.WAITING, tries=taken.tries - 1)
    except Exception:
        logging.getLogger("yichuan.ticker").exception("the check %s stopped and is tried again", taken.pk)
        _running(taken).update(state=State.WAITING)
    return True


def acknowledge_faults(*, actor: Actor, check_id: uuid.UUID, note: str) -> LogCheck:
    """The auditor has read the faults and says what is done about them. A command."""
    with command():
        found = LogCheck.objects.select_for_update().filter(pk=check_id).first()
        if found is None:
            raise NotFound("no_check", "没有这次核验。")
        if not found.faults or found.acknowledged_at is not None:
            raise Refused("nothing_to_acknowledge", "这次核验没有等待阅知的问题。请刷新页面。")
        check(actor, AuditPermission.SEE_LOG, None)
        found.acknowledged_at, found.acknowledged_name = clock.now(), actor.name
        found.acknowledged_note = note
        found.save(update_fields=["acknowledged_at", "acknowledged_name", "acknowledged_note"])
        detail = {"faults": len(found.faults), "note": note}
        record(verb="audit.acknowledge_faults", actor=actor, subject=found, detail=detail)
    return found


def _already() -> Refused:
    return Refused("already_checking", "已经在核验了，请等它做完。进度在「核验日志」页。")


def _checkpoints(kept: Sequence[Kept]) -> list[dict[str, str]]:
    if len(kept) > MOST_KEPT:
        raise Invalid({"kept": f"一次最多比对 {MOST_KEPT} 个检查点文件，请少选几个。"})
    texts = []
    for file in kept:
        try:
            text = file.data.decode() if len(file.data) <= MOST_BYTES else ""
            read_checkpoint(text)
        except (UnicodeDecodeError, CheckpointError) as error:
            said = f"「{file.name}」不是检查点文件，或者改动过。请选从「检查点」页下载的，或者送到审计存储的文件。"
            raise Invalid({"kept": said}) from error
        texts.append({"name": file.name, "text": text})
    return texts


def _take() -> LogCheck | None:
    """Take a check that nobody does; one that was tried too often is given up instead. A command."""
    now = clock.now()
    heard = Q(heard_at__range=(now - SILENT_AFTER, now + SILENT_AFTER))  # a sign from times to come is none
    silent = Q(~heard, state=State.RUNNING)
    if not LogCheck.objects.filter(Q(state=State.WAITING) | silent).exists():
        return None
    with command():
        found = LogCheck.objects.select_for_update().filter(Q(state=State.WAITING) | silent).first()
        if found is None:
            return None
        if found.tries >= MOST_TRIES:
            found.state, found.ended_at, found.notes = State.FAILED, now, [{"kind": "", "sentence": GIVEN_UP}]
        else:
            found.state, found.heard_at, found.tries, found.done = State.RUNNING, now, found.tries + 1, 0
        found.save()
        if found.state == State.FAILED:
            record(verb="audit.end_check", actor=None, subject=found, detail={"failed": True})
    return found if found.state == State.RUNNING else None


def _running(taken: LogCheck) -> QuerySet[LogCheck]:
    return LogCheck.objects.filter(pk=taken.pk, state=State.RUNNING, tries=taken.tries)


def _verified(taken: LogCheck, interrupted: Callable[[], bool]) -> Verdict:
    told = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal told
        if interrupted():
            raise Interrupted
        if time.monotonic() - told >= TELL_SECONDS:
            told = time.monotonic()
            if not _running(taken).update(done=done, total=total, heard_at=clock.now()):
                raise Interrupted

    return verify_log(kept=[read_checkpoint(each["text"]) for each in taken.kept], progress=progress)


def _end(taken: LogCheck, verdict: Verdict) -> None:
    with command():
        found = _running(taken).select_for_update().first()
        if found is None:  # another process does it anew
            return
        found.state, found.ended_at = State.DONE, clock.now()
        found.done = found.total = verdict.size
        found.faults = [
            {"kind": str(each.kind), "sentence": each.sentence, "index": each.index, "entry": each.entry}
            for each in verdict.faults
        ]
        found.notes = [{"kind": str(each.kind), "sentence": each.sentence} for each in verdict.notes]
        found.save()
        detail = {"count": verdict.size, "faults": len(verdict.faults), "checkpoints": len(taken.kept)}
        record(verb="audit.end_check", actor=None, subject=found, detail=detail)
