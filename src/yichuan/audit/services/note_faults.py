"""Faults that are seen without anybody having asked: they wait for the auditor like those of a verification."""

from collections.abc import Sequence

from yichuan.audit.faults import Fault
from yichuan.audit.models import LogCheck
from yichuan.common import clock
from yichuan.common.transactions import require_transaction

FINDER = "排入日志时"


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
