"""Another secret for an office system: the old one and every token end at once."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.interface.models import Client
from yichuan.interface.services.clients import digest, drawn, locked_client


def new_secret(*, actor: Actor | None, client_id: uuid.UUID) -> tuple[Client, str]:
    """The client and its new secret, to be shown once. A command."""
    secret = drawn()
    with command():
        client = locked_client(client_id)
        client.secret = digest(secret)
        client.save(update_fields=["secret"])
        client.tokens.all().delete()
        detail = {"name": client.name}
        record(verb="interface.new_secret", actor=actor, unit_id=client.unit_id, subject=client, detail=detail)
    return client, secret
