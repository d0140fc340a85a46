"""The command line: `yichuan`. Commands on files need no centre and no database; the others set Django up first."""

import logging
from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "typeset": "files", "check": "check", "verify": "verify", "seal": "files", "render": "render",
    "init": "init", "tls": "tls", "doctor": "centre", "serve": "centre", "demo": "centre",
    "backup": "backup", "restore": "backup", "client": "client", "keys": "keys", "unlock": "keys", "log": "log",
}  # fmt: skip
"""Where each command stands in `yichuan.cli`: only the module of the one that is called is loaded, since what draws
documents takes longer to load than most others take to answer."""


class _Commands(click.Group):
    """Whatever the command: a database that is away, or holds no centre, is said in a line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"yichuan.cli.{COMMANDS[cmd_name]}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            from django.db import OperationalError, ProgrammingError

            if isinstance(error, OperationalError | ProgrammingError) and (said := _of_database(error)):
                raise click.ClickException(said) from error
            raise


def _of_database(error: Exception) -> str | None:
    """What is to be done about the database; None where the fault is the program's own."""
    from django.db import OperationalError, connection

    cause = str(error).splitlines()[0]
    try:
        if not connection.introspection.table_names():
            return (
                "这里还没有交换中心。请核对 YICHUAN_HOME 和 YICHUAN_DATABASE_URL；要开通新的中心，请运行 yichuan init。"
            )
    except OperationalError:
        return f"数据库没有应答（{cause}）。请看它是否在运行，再核对 YICHUAN_DATABASE_URL。"
    if isinstance(error, OperationalError):
        return f"数据库出错，没有做成（{cause}）。请运行 yichuan doctor 查看原因，然后再做一次。"
    return None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """驿传: exchange of official documents between government units."""
    for library in ("fontTools", "pyhanko", "pyhanko_certvalidator"):  # a command says itself what is wrong with a file
        logging.getLogger(library).addHandler(logging.NullHandler())
