"""`yichuan backup` and `yichuan restore`: the operator's copies of a centre (docs/backup.md)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from yichuan.cli.centre import set_up
from yichuan.cli.keys import open_for_command

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option(
    "--keep", type=click.IntRange(min=1), help="So many backups stay in DIR; older ones go after this one stands."
)
def backup(folder: Path, keep: int | None) -> None:
    """Copy this centre, while it works, into a new folder under DIR; bodies that DIR has already are not copied again.

    The master key is not in it: keep it apart, in a safe. Ends with 1 where bodies were missing in the store.
    """
    set_up()
    from yichuan.operations.services.backup import back_up

    with _words():
        made = back_up(folder=folder, say=_say, keep=keep)
    manifest = made.manifest
    click.echo(f"备份已做好：{made.folder}")
    click.echo(
        f"    数据库 {sum(manifest.counts.values())} 行，正文和附件 {manifest.bodies} 件，其中新复制 {made.copied} 件"
    )
    click.echo(f"    备份清单的摘要（SM3）{manifest.digest}，请抄录另存，恢复时核对")
    if made.removed:
        click.echo(f"    较早的 {made.removed} 份备份已删除，保留最近 {keep} 份")
    _warn_of_keys()
    if manifest.missing:
        click.echo(
            f"注意：{len(manifest.missing)} 件正文或附件在存储里已经缺失或损坏，备份里也没有。较早的备份都留着：",
            err=True,
        )
        for name in manifest.missing[:10]:
            click.echo(f"    {name}", err=True)
        sys.exit(1)


def _warn_of_keys() -> None:
    from django.conf import settings

    click.echo("主密钥不在备份里。没有它，这份备份什么也恢复不出来；和它放在一起，等于没有加密。请另存保险柜：")
    click.echo(f"    主密钥：{settings.YICHUAN_KEYS_URL}")
    if settings.YICHUAN_P256_KEYS_URL:
        click.echo(f"    PDF 印章的密码设备：{settings.YICHUAN_P256_KEYS_URL}")
    click.echo(f"    会话密钥、HTTPS 证书和其他机密：{settings.SECRETS}")


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--name", help="Which of the backups in DIR; the newest, unless named.")
@click.option("--check", "check_only", is_flag=True, help="Verify the backup and write nothing.")
@click.option("--again", is_flag=True, help="The bodies of a restore that was cut off may lie in the store already.")
def restore(folder: Path, name: str | None, check_only: bool, again: bool) -> None:
    """Make a centre out of a backup in DIR, where YICHUAN_HOME and the other settings say; no centre may be there yet.

    Put the master key in its place first. Ends with 1 where something of the restored centre is not as it was.
    """
    set_up()
    from django.utils.timezone import localtime

    from yichuan.operations.services.restore import check_backup, choose, look_over, put_back, require_room

    with _words():
        chosen = choose(folder, name)
        manifest = chosen.manifest
        made = localtime(datetime.fromisoformat(manifest.made_at))
        click.echo(f"备份 {manifest.name}：{manifest.centre}，{made:%Y-%m-%d %H:%M:%S} 由 {manifest.product} 版做成")
        click.echo(f"    备份清单的摘要（SM3）{manifest.digest}")
        if chosen.newer:
            click.echo(f"    在它之后还有没有做完的备份（{'、'.join(chosen.newer)}），不能用来恢复", err=True)
        if not check_only:
            require_room(chosen, again=again)
        check_backup(chosen, _say)
        if check_only:
            click.echo(f"备份完好：数据库和 {manifest.bodies} 件正文、附件逐件核对无误。没有恢复任何内容。")
            return
        put_back(chosen, _say)
        open_for_command()
        found = look_over(chosen, _say)
    for each in found:
        click.echo(f"{'√' if each.ok else '×'} {each.name}：{each.note}")
    if not all(each.ok for each in found):
        click.echo("恢复的中心有问题，见上。处理好以前不要启动它。", err=True)
        sys.exit(1)
    click.echo("恢复完成。请运行 yichuan doctor 核对，再用 yichuan serve 启动。做备份以后收发的公文不在里面。")


def _say(line: str) -> None:
    click.echo(line, err=True)


@contextmanager
def _words() -> Iterator[None]:
    """What went wrong, in a line."""
    from yichuan.common.errors import Refused, Unavailable

    try:
        yield
    except Unavailable as refusal:
        raise click.ClickException(f"{refusal.message}yichuan doctor 会说出原因。") from refusal
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
    except OSError as error:
        raise click.ClickException(
            f"磁盘写入或读取失败，没有做成：{error}。请看磁盘的空间和权限，再做一次。"
        ) from error
