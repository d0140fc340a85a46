"""What `yichuan doctor` says of the log: whether its tree keeps up, and whether its checkpoints leave the centre."""

from datetime import timedelta

from django.conf import settings
from django.db import connection

from yichuan.audit.models import Checkpoint, Head
from yichuan.audit.selectors_checkpoints import behind, last_sent
from yichuan.audit.selectors_tree import newest_checkpoint
from yichuan.audit.services.send_checkpoint import EVERY, folder
from yichuan.audit.tree_edge import DamagedTree, kept_edge
from yichuan.common import clock
from yichuan.common.models import Centre

_UNSIGNED_FOR = timedelta(minutes=10)
_AUDITOR = "the auditor is to verify the whole log (核验全部日志), see docs/log.md"
_EMPTY = "empty: no centre is opened yet"
_FIRST = "`yichuan serve` begins the tree and signs the first checkpoint"


def log_tree() -> str:
    """How many entries stand in the tree, and how many wait for it. Raises RuntimeError where the sequencer is away."""
    head = _head()
    if head is None:
        return f"nothing in the tree yet; {_FIRST}" if _there() else _EMPTY
    late = behind()
    waiting = f"{late.waiting} entries wait for the tree"
    if late.since is not None:
        waiting += f", the oldest since {late.since:%Y-%m-%d %H:%M:%S}Z"
    try:
        kept_edge(head)
    except DamagedTree as damage:
        said = f"the tree was altered behind the centre's back ({damage}): nothing is put on it; {_AUDITOR}"
        raise RuntimeError(said) from damage
    newest = newest_checkpoint()
    if Checkpoint.objects.filter(signature__isnull=False, size__gt=newest.size if newest else 0).exists():
        raise RuntimeError(f"a checkpoint that the centre did not sign stands as the newest; {_AUDITOR}")
    if late.late:
        raise RuntimeError(
            f"{waiting}; is the sequencer of `yichuan serve` running? See its log, the disk and the database"
        )
    old = Checkpoint.objects.filter(signature=None, at__lt=clock.now() - _UNSIGNED_FOR).count()
    if old:
        raise RuntimeError(
            f"{old} checkpoints are not signed; the sequencer signs them, see its log and the key device"
        )
    return f"{head.size} entries in the tree; {waiting}"


def checkpoints_sent() -> str:
    """Whether a checkpoint goes to the auditor's own store every day. Raises RuntimeError where it does not."""
    if not settings.YICHUAN_CHECKPOINTS_URL:
        return "go nowhere: let YICHUAN_CHECKPOINTS_URL name a folder that the auditor alone keeps (docs/serving.md)"
    where = folder()
    if not where.is_dir():
        raise RuntimeError(f"{where} is not there; is the auditor's store mounted?")
    if _head() is None:
        return f"none is signed yet; {_FIRST}" if _there() else _EMPTY
    last, newest = last_sent(), newest_checkpoint()
    if newest is None or (last is not None and last.size == newest.size):
        return f"every one is in {where}"
    since = last.sent_at if last is not None else newest.at
    if since is not None and clock.now() - since > EVERY + timedelta(hours=1):
        raise RuntimeError(f"nothing came to {where} since {since:%Y-%m-%d %H:%M}Z; see the ticker's log")
    return f"one a day goes to {where}"


def _there() -> bool:
    return Centre._meta.db_table in connection.introspection.table_names() and Centre.objects.exists()


def _head() -> Head | None:
    return Head.objects.filter(pk=1).first() if _there() else None
