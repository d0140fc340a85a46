"""What the verbs on hooks share: finding one of a client, and which of all are in use."""

import uuid

from django.db.models import QuerySet

from yichuan.common.errors import NotFound
from yichuan.common.transactions import require_transaction
from yichuan.interface.models import Client, Hook


def own_hook(client: Client, hook_id: uuid.UUID) -> Hook:
    """A hook of this client, its secret left alone. Raises `NotFound`."""
    return _found(Hook.objects.all(), client, hook_id)


def locked_hook(client: Client, hook_id: uuid.UUID) -> Hook:
    """The same, locked. A step."""
    require_transaction()
    return _found(Hook.objects.select_for_update(), client, hook_id)


def _found(hooks: QuerySet[Hook], client: Client, hook_id: uuid.UUID) -> Hook:
    found = hooks.defer("secret").filter(pk=hook_id, client=client).first()
    if found is None:
        raise NotFound("no_hook", "没有这个回调，或者已经去掉。")
    return found


def hooks_in_use() -> QuerySet[Hook]:
    """Those whose client may still do anything: a client that was cut off is told nothing more (I2)."""
    return Hook.objects.filter(
        active=True, client__cut_at=None, client__account__is_active=True, client__unit__closed_at=None
    )
