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
_AUDITOR = "请审计员核验全部日志（docs/log.md）"
_EMPTY = "是空的：还没有开通中心"
_FIRST = "yichuan serve 运行后开始排树，签第一个检查点"


def log_tree() -> str:
    """How many entries stand in the tree, and how many wait for it. Raises RuntimeError where the sequencer is away."""
    head = _head()
    if head is None:
        return f"还没有条目进树；{_FIRST}" if _there() else _EMPTY
    late = behind()
    waiting = f"{late.waiting} 条等着进树"
    if late.since is not None:
        waiting += f"，最早的从 {late.since:%Y-%m-%d %H:%M:%S}Z 等到现在"
    try:
        kept_edge(head)
    except DamagedTree as damage:
        said = f"日志的树被人从外面改过（{damage}），不再往上加；{_AUDITOR}"
        raise RuntimeError(said) from damage
    newest = newest_checkpoint()
    if Checkpoint.objects.filter(signature__isnull=False, size__gt=newest.size if newest else 0).exists():
        raise RuntimeError(f"最新的检查点不是中心签的；{_AUDITOR}")
    if late.late:
        raise RuntimeError(f"{waiting}。请检查 yichuan serve 的排序进程是否在运行，查看其日志、磁盘和数据库")
    old = Checkpoint.objects.filter(signature=None, at__lt=clock.now() - _UNSIGNED_FOR).count()
    if old:
        raise RuntimeError(f"{old} 个检查点没有签名。它们由排序进程签，请查看其日志和密码设备")
    return f"树上有 {head.size} 条；{waiting}"


def checkpoints_sent() -> str:
    """Whether a checkpoint goes to the auditor's own store every day. Raises RuntimeError where it does not."""
    if not settings.YICHUAN_CHECKPOINTS_URL:
        return "没有送到中心以外：请让 YICHUAN_CHECKPOINTS_URL 指向只由审计员保管的文件夹（docs/serving.md）"
    where = folder()
    if not where.is_dir():
        raise RuntimeError(f"{where} 不在，请检查审计员的存储是否已挂载")
    if _head() is None:
        return f"还没有签过；{_FIRST}" if _there() else _EMPTY
    last, newest = last_sent(), newest_checkpoint()
    if newest is None or (last is not None and last.size == newest.size):
        return f"都已送到 {where}"
    since = last.sent_at if last is not None else newest.at
    if since is not None and clock.now() - since > EVERY + timedelta(hours=1):
        raise RuntimeError(f"{since:%Y-%m-%d %H:%M}Z 以后没有送到 {where}，请查看定时进程的日志")
    return f"每天送一个到 {where}"


def _there() -> bool:
    return Centre._meta.db_table in connection.introspection.table_names() and Centre.objects.exists()


def _head() -> Head | None:
    return Head.objects.filter(pk=1).first() if _there() else None
