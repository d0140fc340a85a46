"""The log's part of a backup: a checkpoint over what was done before it, and the restored log held to it."""

from yichuan.audit.selectors_tree import newest_checkpoint, signed_text
from yichuan.audit.services.sequence import catch_up
from yichuan.audit.services.verify_log import verify_log
from yichuan.audit.tree_edge import DamagedTree
from yichuan.common.errors import Unavailable
from yichuan.lib.merkle import read_checkpoint
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


def verified(checkpoint: str | None, say: Say) -> str:
    """What verification of the whole restored log found. Raises RuntimeError with the faults."""

    def tell(done: int, of: int) -> None:
        say(f"核验日志：{done} / {of} 条")

    kept = [read_checkpoint(checkpoint)] if checkpoint else []
    verdict = verify_log(kept=kept, progress=tell)
    if not verdict.good:
        said = " ".join(fault.sentence for fault in verdict.faults[:5])
        raise RuntimeError(
            f"与备份时的日志不符，共 {len(verdict.faults)} 处：{said} 不要启动这个中心，请换一份备份，并告知审计员。"
        )
    held = (
        f"与备份清单里的检查点（{kept[0].checkpoint.short}）相符" if kept else "做备份时还没有检查点，只核对了日志自身"
    )
    return "，".join([f"{verdict.size} 条逐条核验无误", held, *(note.sentence.rstrip("。") for note in verdict.notes)])
