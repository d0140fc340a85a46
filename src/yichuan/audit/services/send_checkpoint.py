"""Once a day the newest checkpoint goes to a store that the auditor keeps, outside of what the centre's hosts can undo.

`YICHUAN_CHECKPOINTS_URL` names it: `file:///folder`, which is to be another machine's, mounted so that files can be
added there and not changed. A file is never written over.
"""

import contextlib
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlparse

from django.conf import settings

from yichuan.audit.models import Checkpoint
from yichuan.audit.selectors_tree import newest_checkpoint, signed_text
from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.durable import sync
from yichuan.common.errors import Refused, Unavailable
from yichuan.common.transactions import command

EVERY = timedelta(days=1)


def send_checkpoint() -> int:
    """Send the newest if it is due; how many went. A command; a death between writing and noting sends it once more,
    which changes nothing.

    Raises Unavailable where the store does not take it, Refused `checkpoint_taken` where it holds another of its name.
    """
    checkpoint = newest_checkpoint() if settings.YICHUAN_CHECKPOINTS_URL else None
    if checkpoint is None or checkpoint.sent_at is not None:
        return 0
    now = clock.now()
    if Checkpoint.objects.filter(sent_at__gt=now - EVERY, sent_at__lte=now).exists():  # the clock may have run ahead
        return 0
    _write(folder() / name_of(checkpoint), signed_text(checkpoint).encode())
    with command():
        if not Checkpoint.objects.filter(pk=checkpoint.pk, sent_at=None).update(sent_at=clock.now()):
            return 0  # another ticker was faster
        detail = {"count": checkpoint.size, "sm3": bytes(checkpoint.root).hex()}
        record(verb="audit.send_checkpoint", actor=None, detail=detail)
    return 1


def folder() -> Path:
    """The auditor's store. Raises ValueError where the setting names none."""
    address = urlparse(settings.YICHUAN_CHECKPOINTS_URL)
    if address.scheme != "file" or not address.path:
        raise ValueError("YICHUAN_CHECKPOINTS_URL: write file:///folder")
    return Path(unquote(address.path))


def name_of(checkpoint: Checkpoint) -> str:
    """What its file is called: names sort as the log grew."""
    return f"checkpoint-{checkpoint.size:012d}-{bytes(checkpoint.root)[:8].hex()}.txt"


def _write(path: Path, data: bytes) -> None:
    """All of it under its name, or nothing; the folder is not made here: a store that is not mounted is away."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)
        except FileExistsError:
            if path.read_bytes() != data:
                raise Refused("checkpoint_taken", f"{path} holds another checkpoint; it was not overwritten") from None
        sync(path.parent)
    except OSError as error:
        raise Unavailable(
            "no_checkpoint_store", f"审计员的检查点存储不可用：{error.strerror}。恢复后会自动补送。"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
