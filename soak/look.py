"""Let the centre settle, then look at it from outside; one line of JSON says what was found.

python -m soak.look LEDGER HOME TEMPORARY [FOLDER…]      (in the environment of the centre, which is not served now)
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any


class _Said(logging.Handler):
    """What the ticker could not do."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.exc_info[1] if record.exc_info else ''}"[:500])


def main() -> None:
    """Settle without patience, then every audit."""
    ledger_path, home, temporary, *others = map(Path, sys.argv[1:])
    import django

    django.setup()
    from soak.audits import attachments, log, open_ends, plain, prints, receipts, sends, store, withdrawals
    from soak.ledger import Ledger

    ledger = Ledger.read(ledger_path)
    probes = [bytes.fromhex(each) for each in ledger.probes]
    unfinished = list(attachments.uploads(ledger))  # what is settled forgets them
    settled, failed = settle_to_the_end()
    findings = [
        *unfinished,
        *(f"settling: {each}" for each in failed),
        *sends.sends(ledger),
        *receipts.receipts(ledger),
        *receipts.boxes(ledger),
        *prints.prints(ledger),
        *attachments.attachments(ledger),
        *withdrawals.withdrawals(ledger),
        *log.log(),
        *open_ends.open_ends(),
        *store.store(),
        *store.database(),
        *plain.plain([home, *others], probes, temporary),
    ]
    print(json.dumps({"findings": [str(each) for each in findings], "counts": counts(settled)}, ensure_ascii=False))


def settle_to_the_end() -> tuple[dict[str, int], list[str]]:
    """Rounds of the ticker that wait for nothing, and of the sequencer; how much they settled, and what failed."""
    from soak.patience import wait
    from yichuan.audit.models import Pending
    from yichuan.audit.services.sequence import catch_up
    from yichuan.compose.models import Upload
    from yichuan.operations.services import settle

    wait(timedelta(0), uploads=timedelta(0))
    settle.BLOB_GRACE_SECONDS = 0
    abandoned = Upload.objects.exclude(state=Upload.State.TAKEN).count()
    said = _Said()
    logging.getLogger("yichuan.ticker").addHandler(said)
    first = settle.settle()
    settle.settle()
    waited = Pending.objects.count()
    catch_up()
    return {
        "uses of seals broken off": first.uses,
        "copies given back": first.copies,
        "receipts signed afterwards": first.receipts,
        "entries put into the tree afterwards": waited,
        "uploads nobody knows of, forgotten afterwards": abandoned,
        "blobs swept": first.blobs,
    }, said.lines


def counts(settled: dict[str, int]) -> dict[str, Any]:
    """What there is, for the report."""
    from yichuan.audit.models import Checkpoint, Entry
    from yichuan.common import blobs
    from yichuan.compose.models import Attachment
    from yichuan.exchange.models import Delivery, Dispatch, PrintedCopy, Receipt
    from yichuan.exchange.states import DeliveryState

    done = (DeliveryState.RECEIVED, DeliveryState.RETURNED)
    return {
        "documents sent": Dispatch.objects.count(),
        "deliveries": Delivery.objects.count(),
        "received or returned": Delivery.objects.filter(state__in=done).count(),
        "withdrawn": Delivery.objects.filter(state=DeliveryState.WITHDRAWN).count(),
        "attachments": Attachment.objects.count(),
        "originals printed": PrintedCopy.objects.filter(state=PrintedCopy.State.ISSUED).count(),
        "signed receipts": Receipt.objects.exclude(signature=None).count(),
        "entries of the log, all in the tree": Entry.objects.count(),
        "signed checkpoints": Checkpoint.objects.exclude(signature=None).count(),
        "blobs": sum(1 for _ in blobs.store().names()),
        **settled,
    }


if __name__ == "__main__":
    main()
