"""The log: verifying all of it, and taking its newest checkpoint along (docs/log.md)."""

import os
import sys
from pathlib import Path

import click

from yichuan.cli.centre import set_up
from yichuan.cli.files import OUT
from yichuan.lib.merkle import CheckpointError, SignedCheckpoint, read_checkpoint


@click.group()
def log() -> None:
    """The centre's log of every act."""


@log.command()
@click.option(
    "--checkpoint",
    "kept",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="A checkpoint that was kept outside of the centre, or a folder of such (.txt); may be given several times.",
)
@click.option(
    "--processes", type=click.IntRange(1, 32), default=min(os.cpu_count() or 1, 4), help="How many read at once."
)
def verify(kept: tuple[Path, ...], processes: int) -> None:
    """Verify the whole log: every entry, the tree over them, every checkpoint, and those that were kept elsewhere.

    Ends with 0 where nothing contradicts the log, 1 where something does, 2 where a given checkpoint cannot be read.
    """
    given = [_read(path) for place in kept for path in _files(place)]
    set_up()
    from yichuan.audit.check_words import ADVICE
    from yichuan.audit.selectors_checkpoints import behind
    from yichuan.audit.services.verify_log import verify_log

    verdict = verify_log(kept=given, progress=_progress, processes=processes)
    for fault in verdict.faults:
        click.echo(f"× {fault.sentence}")
    for advice in dict.fromkeys(ADVICE[fault.kind] for fault in verdict.faults):
        click.echo(f"  怎么办：{advice}")
    for note in verdict.notes:
        click.echo(f"· {note.sentence}")
    if waiting := behind().waiting:
        click.echo(f"· 另有 {waiting} 条还没有排进日志的树，只核对了标记；yichuan serve 运行时几秒钟就排进去。")
    said = "没有发现问题" if verdict.good else f"发现 {len(verdict.faults)} 个问题"
    against = f"，对照外存检查点 {len(given)} 个" if given else ""
    click.echo(f"核验 {verdict.size} 条记录、{verdict.checkpoints} 个检查点{against}：{said}。")
    click.echo(f"树根 {verdict.root.hex()}")
    sys.exit(0 if verdict.good else 1)


@log.command()
@click.option("-o", "--out", type=OUT, help="Write it there instead of showing it; nothing is overwritten.")
def checkpoint(out: Path | None) -> None:
    """The newest signed checkpoint, to be kept where the centre cannot reach. Ends with 1 where none is signed yet."""
    set_up()
    from yichuan.audit.selectors_tree import newest_checkpoint, signed_text

    newest = newest_checkpoint()
    if newest is None:
        raise click.ClickException("日志还没有签名的检查点；请先运行 yichuan serve，半分钟以内就会有。")
    text = signed_text(newest)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise click.ClickException(f"已经有 {out}，没有覆盖。请换一个文件名。") from error
    except OSError as error:
        raise click.ClickException(f"{out} 写不进去：{error.strerror}。请换一个地方。") from error
    click.echo(f"{out}：第 {newest.number} 号检查点，{newest.size} 条记录。")


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    found = sorted(place.glob("*.txt"))
    if not found:  # nothing to hold the log against is not the same as a log that holds
        click.echo(f"{place} 里没有检查点文件（.txt），没有核验。请看审计员的存储是否挂上了。", err=True)
        sys.exit(2)
    return found


def _read(path: Path) -> SignedCheckpoint:
    try:
        return read_checkpoint(path.read_text(encoding="utf-8"))
    except (CheckpointError, OSError, UnicodeDecodeError) as error:
        click.echo(f"{path}：不是完整的检查点（{error}）。请拿原来保存的文件，没有核验。", err=True)
        sys.exit(2)


def _progress(done: int, size: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} / {size:,}", nl=done == size, err=True)
    elif done * 10 // size != (done - 1) * 10 // size:
        click.echo(f"{done:,} / {size:,}", err=True)
