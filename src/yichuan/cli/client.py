"""Office systems that work through the interface: registering, listing, cutting off, another secret (J-36, I2)."""

import uuid

import click

from yichuan.cli.centre import set_up


@click.group()
def client() -> None:
    """Office systems of units, which use /api/v1/ (docs/interface)."""


@client.command()
@click.argument("name")
@click.option("--unit", "unit_name", required=True, help="The unit's code or name.")
@click.option("--office", "office_name", help="One of its offices; without it, the unit's registry.")
def register(name: str, unit_name: str, office_name: str | None) -> None:
    """Register the system NAME of a unit; print its id and its secret, once."""
    set_up()
    from yichuan.common.errors import Refused
    from yichuan.interface.selectors import offices_named, units_named
    from yichuan.interface.services.register_client import register_client
    from yichuan.org.models import Unit

    found = units_named([unit_name])[unit_name]
    if len(found) != 1:
        raise click.ClickException(f"「{unit_name}」{'不在通讯录里' if not found else '不止一个，请用单位编号'}。")
    unit = Unit.objects.get(pk=found.pop().id)
    offices = offices_named([unit.pk]).get(unit.pk, []) if office_name else []
    office = next((each for each in offices if each.name == office_name), None)
    if office_name and office is None:
        raise click.ClickException(f"{unit.short_name}没有「{office_name}」，或者已经撤销。")
    try:
        made, secret = register_client(actor=None, name=name, unit=unit, office=office)
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"已登记 {unit.short_name}{office.name if office else ''}的「{made.name}」。")
    _tell(made.pk, secret)


@client.command("list")
def show() -> None:
    """List the systems: id, unit, name, when it last asked for a token, whether it is cut off."""
    set_up()
    from django.utils.timezone import localtime

    from yichuan.interface.models import Client

    for each in Client.objects.select_related("unit", "office").order_by("unit__order", "name"):
        where = f"{each.unit.short_name}{each.office.name if each.office else ''}"
        seen = f"{localtime(each.last_seen_at):%Y-%m-%d %H:%M}" if each.last_seen_at else "从未"
        state = f"已停用：{each.cut_reason}" if each.cut_at else f"最近领取令牌 {seen}"
        click.echo(f"{each.pk}  {where}  {each.name}  {state}")


@client.command()
@click.argument("client_id", type=click.UUID)
@click.option("--reason", required=True, help="Why; it goes on record.")
def cut(client_id: uuid.UUID, reason: str) -> None:
    """Cut the system CLIENT_ID off; its rights end at once."""
    set_up()
    from yichuan.common.errors import Refused
    from yichuan.interface.services.cut_client import cut_client

    try:
        made = cut_client(actor=None, client_id=client_id, reason=reason)
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"已停用「{made.name}」，它的令牌立即失效。")


@client.command("secret")
@click.argument("client_id", type=click.UUID)
def another_secret(client_id: uuid.UUID) -> None:
    """Give the system CLIENT_ID another secret; the old one ends at once."""
    set_up()
    from yichuan.common.errors import Refused
    from yichuan.interface.services.new_secret import new_secret

    try:
        made, secret = new_secret(actor=None, client_id=client_id)
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"「{made.name}」的旧密钥和令牌立即失效。")
    _tell(made.pk, secret)


def _tell(client_id: uuid.UUID, secret: str) -> None:
    click.echo(f"接口编号 {client_id}")
    click.echo(f"接口密钥 {secret}")
    click.echo("密钥只显示这一次，请交给系统管理人员妥善保存。")
