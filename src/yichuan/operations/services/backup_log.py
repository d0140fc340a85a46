"""The log's part of a backup: the checkpoint that its restored copy is held against."""

from yichuan.audit.selectors_tree import newest_checkpoint, signed_text
from yichuan.audit.services.sequence import DamagedTree, catch_up
from yichuan.common.errors import Unavailable
from yichuan.operations.services.backup_bodies import Say


def settle_log(say: Say) -> None:
    """Put what was done so far under a signed checkpoint. Where that cannot be, the backup is made all the same."""
    try:
        catch_up()
    except Unavailable as refusal:
        say(f"日志最新的部分还没有检查点：{refusal.message}")
    except DamagedTree as damage:
        say(f"日志已经损坏，请审计员核验全部日志：{damage}")


def checkpoint_text() -> str | None:
    """The newest signed checkpoint. Within a snapshot: of the snapshot."""
    newest = newest_checkpoint()
    return signed_text(newest) if newest else None
