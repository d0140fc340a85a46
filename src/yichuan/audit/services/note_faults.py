"""Faults that are seen without anybody having asked: they wait for the auditor like those of a verification."""

from collections.abc import Sequence
from datetime import timedelta

from yichuan.audit.faults import Fault
from yichuan.audit.models import LogCheck
from yichuan.common import clock
from yichuan.common.transactions import command, require_transaction

FINDER = "排入日志时"
NOTED_LATELY = 100
AGAIN_AFTER = timedelta(days=1)


def note_faults(faults: Sequence[Fault]) -> None:
    """Put them before the auditor. A step."""
    require_transaction()
    now = clock.now()
    LogCheck.objects.create(
        asked_name=FINDER,
        asked_at=now,
        ended_at=now,
        state=LogCheck.State.DONE,
        faults=[
            {"kind": str(each.kind), "sentence": each.sentence, "index": each.index, "entry": each.entry}
            for each in faults
        ],
    )


def note_anew(faults: Sequence[Fault]) -> None:
    """Put those before the auditor that do not stand there already. A command where there are such.

    What lasts is seen in every round: it is told again a day after the auditor acknowledged it, no sooner.
    """
    if not faults:
        return
    noted = LogCheck.objects.filter(asked_by=None).order_by("-asked_at")[:NOTED_LATELY]
    since = clock.now() - AGAIN_AFTER
    told = {
        fault["sentence"]
        for check in noted
        if check.acknowledged_at is None or check.acknowledged_at > since
        for fault in check.faults
    }
    if new := [fault for fault in faults if fault.sentence not in told]:
        with command():
            note_faults(new)
