"""Cutting an office system off (I2, G-13): its rights end at once."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.interface.models import Client
from yichuan.interface.services.clients import locked_client
from yichuan.org.models import Post
from yichuan.org.selectors import not_ended
from yichuan.org.services.dismiss import dismiss
from yichuan.people.services.suspend import suspend


def cut_client(*, actor: Actor | None, client_id: uuid.UUID, reason: str) -> Client:
    """End its tokens, its post and its account. A command. What it sent and received stays as it is."""
    with command():
        client = locked_client(client_id)
        suspend(actor=actor, account=client.account, reason=reason)
        for post in not_ended(Post.objects.filter(account=client.account)).select_related("account", "unit", "office"):
            dismiss(actor=actor, post=post)
        client.tokens.all().delete()
        client.cut_at, client.cut_reason = clock.now(), reason.strip()
        client.save(update_fields=["cut_at", "cut_reason"])
        detail = {"name": client.name, "reason": client.cut_reason}
        record(verb="interface.cut_client", actor=actor, unit_id=client.unit_id, subject=client, detail=detail)
    return client
