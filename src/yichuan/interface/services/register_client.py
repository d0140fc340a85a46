"""Registering an office system (J-36, I2): its account that nobody logs in with, its post, its first secret."""

from django.db import IntegrityError

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.ids import new_id
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.exchange.permissions import ExchangePermission
from yichuan.interface.models import Client
from yichuan.interface.services.clients import checked_name, digest, drawn
from yichuan.org.duties import Duty
from yichuan.org.models import Box, Office, Unit
from yichuan.org.services.appoint import appoint
from yichuan.people.models import Account
from yichuan.people.services.open_account import open_accounts

AT_AN_OFFICE = (
    ExchangePermission.SEE_INBOX,
    ExchangePermission.SIGN_FOR,
    ExchangePermission.RETURN,
    ExchangePermission.READ,
    ExchangePermission.ASK,
)
"""Documents are made and sent by the unit; an office's system receives (G-11)."""


def register_client(*, actor: Actor | None, name: str, unit: Unit, office: Office | None = None) -> tuple[Client, str]:
    """Register the system at the unit's registry, or at one of its offices. A command.

    Returns the client and its secret, which is shown once and kept as a digest. Raises `Invalid`, one message a field.
    """
    name = checked_name(name)
    if unit.closed_at is not None:
        raise Invalid({"unit": f"{unit.short_name}已经注销，不能登记接口。"})
    if office is not None and (office.unit_id != unit.pk or office.closed_at is not None):
        raise Invalid({"office": f"{unit.short_name}没有这个处室，或者已经撤销。"})
    if not Box.objects.filter(unit=unit, office=office, closed_at=None).exists():
        raise Invalid({"office" if office else "unit": "这里还没有交换箱，不能登记接口。"})
    secret = drawn()
    client = Client(id=new_id(), name=name, unit=unit, office=office, secret=digest(secret))
    client.account = Account(username=f"system-{client.pk.hex}", name=name, must_change_password=False)
    client.account.set_unusable_password()
    client.registered_at = clock.now()
    try:
        with command():
            open_accounts(actor=actor, accounts=[client.account])
            appoint(
                actor=actor,
                account=client.account,
                unit=unit,
                office=office,
                duty=Duty.OFFICE_SYSTEM,
                permissions=AT_AN_OFFICE if office else None,
            )
            client.save(force_insert=True)
            detail = {"name": name, "office": office.name if office else ""}
            record(verb="interface.register_client", actor=actor, unit_id=unit.pk, subject=client, detail=detail)
    except IntegrityError as error:
        raise Invalid({"name": f"{unit.short_name}已经登记过「{name}」，请换一个名称。"}) from error
    return client, secret
