"""`yichuan init`: open a centre. It asks, or takes everything from a file; what it makes, it prints once."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yichuan.cli.centre import set_up
from yichuan.cli.keys import open_for_command

if TYPE_CHECKING:
    from yichuan.operations.services.found_centre import Founded


@click.command()
@click.option(
    "--answers",
    type=click.Path(path_type=Path, allow_dash=True),
    help="A TOML file with everything that is otherwise asked; - reads it from standard input.",
)
@click.option(
    "--slips",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the first passwords as slips to be printed into this new folder (0700) instead of on the screen.",
)
def init(answers: Path | None, slips: Path | None) -> None:
    """Open a centre: its name, rules, keys and first three administrators, in one step that happens whole or not."""
    set_up()
    from yichuan.cli.init_answers import asked, read
    from yichuan.common.errors import Refused
    from yichuan.operations.services.found_centre import found_centre

    try:
        _prepare_database()
        open_for_command()
        _prepare_slips(slips)
        founding = read(_text_of(answers)) if answers is not None else asked()
        founded = found_centre(founding)
    except Refused as refusal:
        raise click.ClickException(_all_of(refusal)) from refusal
    _print_safe_sheet(founded, slips)


def _prepare_database() -> None:
    """Make the tables in an empty database; refuse one that is somebody else's, or a centre that is open."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection
    from django.utils.timezone import localdate

    from yichuan.common.errors import Refused
    from yichuan.operations.services.open_centre import opened

    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} | {"django_migrations"}
    strange = sorted(set(connection.introspection.table_names()) - ours)
    if strange:
        raise Refused(
            "foreign_database",
            f"这个数据库里有别的系统的表（{'、'.join(strange[:5])}），没有动它。"
            "请用 YICHUAN_DATABASE_URL 指定空的数据库。",
        )
    call_command("migrate", verbosity=0)
    if (centre := opened()) is not None:
        raise Refused(
            "opened_already",
            f"这里的交换中心「{centre.name}」已在 {localdate(centre.opened_at)} 开通，不能再开通一次。"
            "查看现状请运行 yichuan doctor，运行请用 yichuan serve。",
        )


def _prepare_slips(folder: Path | None) -> None:
    """Before anything is made: a folder that cannot be written would lose the passwords."""
    from yichuan.common.errors import Refused

    if folder is None:
        return
    if folder.exists() and any(folder.iterdir()):
        raise Refused("slips_folder", f"{folder} 不是空文件夹，请另指定一个放密码通知单的文件夹。")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _text_of(answers: Path) -> str:
    if str(answers) == "-":
        return sys.stdin.read()
    try:
        return answers.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{answers} 读不出来：{error}") from error


def _all_of(refusal: Exception) -> str:
    errors = getattr(refusal, "errors", None)
    return "\n".join(errors.values()) if errors else str(refusal)


def _print_safe_sheet(founded: "Founded", slips: Path | None) -> None:
    """What must be kept in a safe. Printed after the centre stands, and never again."""
    from django.conf import settings

    fingerprint = founded.root.fingerprint.hex().upper()
    click.echo("交换中心已经开通。以下内容只显示这一次，请抄录或打印后放进保险柜。\n")
    click.echo("一、根证书的 SM3 指纹（装信任时逐组核对）")
    groups = [fingerprint[at : at + 8] for at in range(0, len(fingerprint), 8)]
    click.echo(f"    {' '.join(groups[:4])}\n    {' '.join(groups[4:])}\n")
    click.echo("二、初始密码（首次登录必须更换，请分别当面交给本人）")
    written = _write_slips(founded, slips) if slips else False
    for each in founded.accounts:
        posts = "、".join(duty.label for duty in each.duties)
        secret = "见通知单" if written else each.password
        click.echo(f"    {each.place}　{posts}　{each.account.name}　账号 {each.account.username}　初始密码 {secret}")
    if written:
        click.echo(f"    通知单在 {slips}，打印、封口后请立即删除这些文件。")
    click.echo("\n三、主密钥和数据（分开备份，分开保管）")
    click.echo(f"    主密钥：{settings.YICHUAN_KEYS_URL}")
    click.echo(f"    会话密钥和其他机密：{settings.SECRETS}")
    click.echo(f"    数据库：{_database()}")
    click.echo(f"    正文和附件：{settings.YICHUAN_BLOBS_URL}")
    click.echo("    主密钥丢失，所有公文和印章都无法恢复；主密钥和数据备份放在一起，等于没有加密。")
    click.echo("    恢复时：先放回主密钥（权限 600），再恢复数据库和正文，运行 yichuan doctor 核对。")
    click.echo("\n下一步：yichuan serve，然后请三位管理员各自登录更换密码。")


def _write_slips(founded: "Founded", folder: Path) -> bool:
    """One slip a person, readable by nobody else; False where the disk refused, so that they are shown instead."""
    from yichuan.people.services.slip import first_password_slip

    try:
        for number, each in enumerate(founded.accounts, start=1):
            path = folder / f"{number:02d}-{each.account.username}.pdf"
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(first_password_slip(each.account, each.password))
    except Exception as error:  # whatever it is, the passwords must not be lost
        click.echo(f"通知单没有写成（{error}），初始密码显示在下面。", err=True)
        return False
    return True


def _database() -> str:
    from django.db import connection

    if connection.vendor == "sqlite":
        return str(connection.settings_dict["NAME"])
    named = connection.settings_dict
    return f"{connection.vendor} {named['HOST'] or 'localhost'} {named['NAME']}"
