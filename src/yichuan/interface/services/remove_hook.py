"""An office system does not want to be told there any more."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common.transactions import command
from yichuan.interface.hook_addresses import address_of
from yichuan.interface.models import Client
from yichuan.interface.services.hooks import locked_hook


def remove_hook(*, client: Client, hook_id: uuid.UUID) -> None:
    """With all its calls, also those that wait. A command. Raises `NotFound` (`no_hook`)."""
    with command():
        hook = locked_hook(client, hook_id)
        detail = {"name": client.name, "address": address_of(hook.url).place}
        record(verb="interface.remove_hook", actor=client.account, unit_id=client.unit_id, subject=hook, detail=detail)
        hook.delete()
