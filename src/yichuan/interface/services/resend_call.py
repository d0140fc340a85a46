"""A dead letter is told anew, because its office system asks for it."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.transactions import command
from yichuan.interface.models import Client, HookCall
from yichuan.interface.services.hooks import own_hook


def resend_call(*, client: Client, hook_id: uuid.UUID, call_id: uuid.UUID) -> HookCall:
    """It is tried again from the next round on, as often as the first time, under its old id. A command.

    Raises `NotFound` (`no_hook`, `no_call`), `Refused` (`wrong_state`) where it is no dead letter.
    """
    with command():
        hook = own_hook(client, hook_id)
        call = HookCall.objects.select_for_update().filter(pk=call_id, hook=hook).first()
        if call is None:
            raise NotFound("no_call", "没有这次通知，或者时间太久已经清理。")
        if call.state != HookCall.State.DEAD:
            raise Refused("wrong_state", f"这次通知{call.get_state_display()}，不用重新发送。")
        call.state, call.tries, call.next_at = HookCall.State.WAITING, 0, clock.now()
        call.save(update_fields=["state", "tries", "next_at"])
        detail = {"name": client.name, "kind": call.kind}
        record(verb="interface.resend_call", actor=client.account, unit_id=client.unit_id, subject=hook, detail=detail)
    return call
