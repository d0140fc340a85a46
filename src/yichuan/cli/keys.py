"""The master key under k of n operators: `yichuan keys split`, `yichuan keys password`, `yichuan unlock`, and what
`serve` and `init` ask before they begin."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlparse

import click

from yichuan.cli.centre import set_up

if TYPE_CHECKING:
    from yichuan.keys.agent import Agent
    from yichuan.keys.operators import Operators

SHORTEST = 10
Attend = Callable[[float], None]


@click.group()
def keys() -> None:
    """The master key under the passwords of k of n operators (docs/devices.md)."""


@keys.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--need", type=click.IntRange(min=2), required=True, help="How many of them open the device.")
@click.option(
    "--from", "source", type=click.Path(path_type=Path), help="The master key that was in use, from its file."
)
def split(names: tuple[str, ...], need: int, source: Path | None) -> None:
    """Put the master key under NAMES, each with a password of their own; where it is already, under others."""
    set_up()
    from yichuan.keys.operators import Operators
    from yichuan.keys.services.operators import master_to_split, require_names

    path = _path()
    with _words():
        require_names(names, need)
        before = Operators.read(path) if path.exists() else None
        master = _opened(before) if before else master_to_split(source)
        passwords = {name: _new_password(name) for name in names}
        Operators.make(master, need, passwords).write(path)
    click.echo(f"已生成 {path}：{len(names)} 位值守人中任意 {need} 位可以打开。请备份此文件，各人分别保管自己的口令。")
    if source is not None:
        click.echo(f"确认 `yichuan serve` 能打开后，请销毁原来的主密钥文件 {source} 及其备份。")


@keys.command()
@click.argument("name")
def password(name: str) -> None:
    """Change the password of one operator, who types the old one."""
    set_up()
    from yichuan.keys.operators import Operators

    path = _path()
    with _words():
        operators = Operators.read(path)
        old = click.prompt(f"{name} 的原口令", hide_input=True)
        operators.share_of(name, old)
        operators.with_password(name, old, _new_password(name)).write(path)
    click.echo("口令已更改。旧的备份文件仍可用旧口令打开，请一并更换。")


@click.command()
@click.argument("name", required=False)
def unlock(name: str | None) -> None:
    """Give your share to the `yichuan serve` that waits for it on this host."""
    set_up()
    from yichuan.keys.agent import asked
    from yichuan.keys.operators import Operators
    from yichuan.keys.services.device import agent_path

    with _words():
        operators = Operators.read(_path())
        state = asked(agent_path(), {"ask": "state"})
        if state is None:
            raise click.ClickException("本机没有等待解锁的 yichuan serve。请先启动它。")
        if not state["open"]:
            index, share = operators.share_of(*_who(operators, name))
            state = asked(agent_path(), {"ask": "share", "index": index, "share": share.hex()}) or {"error": ""}
        if "error" in state:
            raise click.ClickException(_WORDS.get(state["error"], "没有成功，请再试一次。"))
    click.echo(
        "密码设备已打开。" if state["open"] else f"已收到，还需 {state['need'] - len(state['given'])} 位值守人。"
    )


@contextmanager
def opened_for_serving() -> Iterator[Attend | None]:
    """Until k operators opened the device, wait: for passwords on a terminal, or for `yichuan unlock`.

    Gives what answers the other processes while it waits; None where the device needs no operators.
    """
    if _scheme() != "soft-shares":
        yield None
        return
    from yichuan.keys.agent import Agent
    from yichuan.keys.operators import Operators
    from yichuan.keys.services.device import agent_path
    from yichuan.keys.services.operators import note_opened

    with _words():
        operators = Operators.read(_path())
        try:
            agent = Agent(agent_path(), operators)
        except OSError as error:
            raise click.ClickException(f"不能在 {agent_path()} 等待值守人：{error}") from error
    try:
        click.echo(f"打开密码设备需要 {operators.need} 位值守人（{'、'.join(operators.names)}）。")
        if sys.stdin.isatty():
            _ask_until_open(operators, agent)
        else:
            click.echo("请值守人在本机运行：yichuan unlock")
            while not agent.is_open:
                agent.attend(0.5)
        note_opened(agent.opened_by)
        click.echo(f"密码设备已由 {'、'.join(agent.opened_by)} 打开。")
        yield agent.attend
    finally:
        agent.close()


def open_for_command() -> None:
    """Before a command that needs the device and ends again: ask k operators, unless `serve` has it open."""
    if _scheme() != "soft-shares":
        return
    from yichuan.keys.agent import asked
    from yichuan.keys.operators import Operators
    from yichuan.keys.services.device import agent_path, give_master

    if "master" in (asked(agent_path(), {"ask": "master"}) or {}):
        return
    with _words():
        give_master(_opened(Operators.read(_path())))


def _ask_until_open(operators: "Operators", agent: "Agent") -> None:
    while not agent.is_open:
        try:
            with _words():
                agent.give(*operators.share_of(*_who(operators, None)))
        except click.ClickException as error:
            click.echo(error.message, err=True)


def _opened(operators: "Operators") -> bytes:
    click.echo(f"需要 {operators.need} 位值守人（{'、'.join(operators.names)}）输入口令。")
    shares: dict[int, bytes] = {}
    while len(shares) < operators.need:
        index, share = operators.share_of(*_who(operators, None))
        shares[index] = share
    return operators.master(shares)


def _who(operators: "Operators", name: str | None) -> tuple[str, str]:
    name = name or click.prompt("值守人姓名", type=click.Choice(operators.names))
    return name, click.prompt(f"{name} 的口令", hide_input=True)


def _new_password(name: str) -> str:
    while True:
        new: str = click.prompt(
            f"{name} 的新口令（至少 {SHORTEST} 位）", hide_input=True, confirmation_prompt="再输入一次"
        )
        if len(new) >= SHORTEST:
            return new
        click.echo(f"口令至少 {SHORTEST} 位，请重新设置。", err=True)


def _scheme() -> str:
    from django.conf import settings

    return urlparse(settings.YICHUAN_KEYS_URL).scheme


def _path() -> Path:
    from django.conf import settings

    if _scheme() != "soft-shares":
        raise click.ClickException(
            "请先把 YICHUAN_KEYS_URL 设为 soft-shares:///数据目录之外的路径/operators.json（见 docs/devices.md）。"
        )
    return Path(urlparse(settings.YICHUAN_KEYS_URL).path)


_WORDS = {
    "wrong_password": "口令不对，没有打开。请核对是谁的口令，再输入一次。",
    "wrong_share": "这一份与其他各份不是同一次生成的，没有打开。请从备份恢复值守文件。",
    "no_operator": "值守文件里没有这个人。",
    "no_file": "还没有值守文件。请先运行 yichuan keys split。",
    "bad_file": "值守文件损坏，没有打开。请从备份恢复。",
    "bad_check": "值守文件损坏，没有打开。请从备份恢复。",
}


@contextmanager
def _words() -> Iterator[None]:
    """A share's fault as the person at the terminal reads it."""
    from yichuan.common.errors import Refused
    from yichuan.keys.shares import ShareError

    try:
        yield
    except ShareError as error:
        raise click.ClickException(_WORDS[error.code]) from error
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
