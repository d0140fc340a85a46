"""The log complete: every entry in the tree, the tree what signed checkpoints say, and the rows of rooms beside it."""

from __future__ import annotations

from collections.abc import Iterator

from soak.found import Finding
from yichuan.audit.faults import NoteKind
from yichuan.audit.models import Checkpoint, Entry, Leaf, Pending
from yichuan.audit.services.verify_log import verify_log


def log() -> Iterator[Finding]:
    """To be asked once the sequencer had nothing left to do."""
    verdict = verify_log()
    for fault in verdict.faults:
        yield Finding("log", f"{fault.kind}: {fault.sentence}")
    for note in verdict.notes:
        if note.kind is not NoteKind.UNMARKED:
            yield Finding("log", f"{note.kind}: {note.sentence}")
    # The first of all are written before the centre has the key to mark with.
    first = Entry.objects.exclude(mark=None).order_by("pk").values_list("pk", flat=True).first() or 0
    for entry in Entry.objects.filter(mark=None, pk__gt=first).values_list(
        "pk", flat=True
    ):  # the key was there by then
        yield Finding("log", f"unmarked: entry {entry}")
    for entry in Pending.objects.values_list("entry_id", flat=True):
        yield Finding("open", f"entry {entry} waits for the tree")
    for number in Checkpoint.objects.filter(signature=None).values_list("number", flat=True):
        yield Finding("open", f"checkpoint {number} is not signed")
    if Entry.objects.count() != Leaf.objects.count():
        yield Finding("log", f"{Entry.objects.count()} entries have {Leaf.objects.count()} places in the tree")
