"""An office system says where it wants to be told (webhook)."""

import uuid
from collections.abc import Iterable

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.transactions import command
from yichuan.interface.hook_addresses import checked
from yichuan.interface.hook_kinds import KINDS
from yichuan.interface.models import Client, Hook
from yichuan.interface.services.clients import drawn

MOST = 5


def add_hook(*, client: Client, hook_id: uuid.UUID, url: str, kinds: Iterable[str]) -> Hook:
    """Tell the client at `url` of these kinds, of all where none is named, from now on. A command.

    Raises `Invalid` for `url` and `kinds`, `Refused` (`hooks_full`). The hook's secret signs what it is told.
    """
    place = checked(url).place
    wanted = sorted(set(kinds))
    if unknown := [each for each in wanted if each not in KINDS]:
        raise Invalid({"kinds": f"没有「{unknown[0][:40]}」这种通知，可以写：{'、'.join(KINDS)}。"})
    now = clock.now()
    hook = Hook(id=hook_id, client=client, url=url, kinds=wanted, secret=drawn(), made_at=now, heard_until=now)
    with command():
        Client.objects.select_for_update().get(pk=client.pk)
        if client.hooks.count() >= MOST:
            raise Refused("hooks_full", f"一个接口最多添加 {MOST} 个回调，请先去掉不用的。")
        hook.save(force_insert=True)
        detail = {"name": client.name, "address": place, "kind": " ".join(wanted)}
        record(verb="interface.add_hook", actor=client.account, unit_id=client.unit_id, subject=hook, detail=detail)
    return hook
