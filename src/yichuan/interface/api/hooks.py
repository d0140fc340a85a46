"""Where the office system is told of what happened, what it was told, and dead letters told anew (webhooks)."""

import uuid
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field, StringConstraints

from yichuan.exchange.permissions import ExchangePermission as May
from yichuan.interface.api.base import Given, Told, client_of, named_by_key, operation
from yichuan.interface.api.files import GoneOut
from yichuan.interface.hook_kinds import KINDS
from yichuan.interface.models import Hook, HookCall
from yichuan.interface.services.add_hook import add_hook
from yichuan.interface.services.hooks import own_hook
from yichuan.interface.services.remove_hook import remove_hook
from yichuan.interface.services.resend_call import resend_call

router = Router(tags=["回调 Webhooks"])
THERE = ("no_hook",)
Word = Annotated[str, StringConstraints(max_length=40)]


class HookIn(Given):
    """Where, and of which kinds; none for all."""

    url: Annotated[str, StringConstraints(max_length=1000)] = Field(examples=["https://oa.example.gov.cn/yichuan"])
    kinds: Annotated[list[Word], Field(max_length=20)] = Field(
        [], description="; ".join(f"{name}: {kind.meaning}" for name, kind in KINDS.items())
    )


class HookOut(Told):
    """Where the client is told, of which kinds (none: of all)."""

    id: uuid.UUID
    url: str
    kinds: list[str]
    made_at: datetime


class MadeHookOut(HookOut):
    """With the secret that signs each call: it is told here and never again."""

    secret: str


class HooksOut(Told):
    """At most five."""

    items: list[HookOut]


class CallOut(Told):
    """One thing told. `subject` is the id of the delivery, dispatch or document."""

    id: uuid.UUID
    kind: str
    subject: uuid.UUID | None
    at: datetime
    state: str
    state_label: str
    tries: int
    next_at: datetime
    status: int | None
    error: str

    @classmethod
    def of(cls, call: HookCall) -> "CallOut":
        return cls(
            id=call.pk, kind=call.kind, subject=call.subject_id, at=call.at, state=call.state,
            state_label=call.get_state_display(), tries=call.tries, next_at=call.next_at, status=call.status,
            error=call.error,
        )  # fmt: skip


class CallsOut(Told):
    """The latest first."""

    items: list[CallOut]


def _made(request: HttpRequest, given: HookIn) -> MadeHookOut | None:
    hook = Hook.objects.filter(pk=named_by_key(request), client=client_of(request), url=given.url).first()
    return _told(hook) if hook is not None else None


def _told(hook: Hook) -> MadeHookOut:
    return MadeHookOut(id=hook.pk, url=hook.url, kinds=hook.kinds, made_at=hook.made_at, secret=hook.secret)


@operation(
    router, "POST", "/hooks", permission=May.SEE_INBOX, answer=MadeHookOut, status=201, key=True, done=_made,
    codes=("hooks_full",), summary="添加回调 Add a webhook",
)  # fmt: skip
def add_webhook(request: HttpRequest, given: HookIn) -> MadeHookOut:
    """From now on the address is told by POST, signed, what happens in the client's box and to what its unit sent.

    https only (http on the loopback); the centre's operator names which hosts may be told.
    """
    hook_id = named_by_key(request)
    return _told(add_hook(client=client_of(request), hook_id=hook_id, url=given.url, kinds=given.kinds))


@operation(router, "GET", "/hooks", permission=May.SEE_INBOX, answer=HooksOut, summary="本接口的回调 Own webhooks")
def list_webhooks(request: HttpRequest) -> HooksOut:
    """Without their secrets."""
    rows = client_of(request).hooks.defer("secret").order_by("made_at", "pk")
    return HooksOut(items=[HookOut(id=each.pk, url=each.url, kinds=each.kinds, made_at=each.made_at) for each in rows])


@operation(
    router, "DELETE", "/hooks/{uuid:hook_id}", permission=May.SEE_INBOX, answer=GoneOut, codes=THERE,
    summary="去掉回调 Remove a webhook",
)  # fmt: skip
def remove_webhook(request: HttpRequest, hook_id: uuid.UUID) -> GoneOut:
    """With what waits to be told there."""
    remove_hook(client=client_of(request), hook_id=hook_id)
    return GoneOut()


@operation(
    router, "GET", "/hooks/{uuid:hook_id}/calls", permission=May.SEE_INBOX, answer=CallsOut, codes=THERE,
    summary="通知过什么 What was told",
)  # fmt: skip
def list_calls(
    request: HttpRequest,
    hook_id: uuid.UUID,
    state: Annotated[HookCall.State | None, Query(description="`dead` for what nobody took")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    skip: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> CallsOut:
    """Told ones are kept for a week, others for a month."""
    rows = own_hook(client_of(request), hook_id).calls.order_by("-event_id")
    found = rows.filter(state=state.value) if state else rows
    return CallsOut(items=[CallOut.of(each) for each in found[skip : skip + limit]])


def _resent(request: HttpRequest, hook_id: uuid.UUID, call_id: uuid.UUID) -> CallOut | None:
    row = own_hook(client_of(request), hook_id).calls.filter(pk=call_id).exclude(state=HookCall.State.DEAD).first()
    return CallOut.of(row) if row is not None else None


@operation(
    router, "POST", "/hooks/{uuid:hook_id}/calls/{uuid:call_id}/resend", permission=May.SEE_INBOX, answer=CallOut,
    key=True, codes=(*THERE, "no_call", "wrong_state"), done=_resent, summary="重新通知 Tell a dead letter anew",
)  # fmt: skip
def resend_webhook_call(request: HttpRequest, hook_id: uuid.UUID, call_id: uuid.UUID) -> CallOut:
    """Under its old id, from the next half minute on."""
    return CallOut.of(resend_call(client=client_of(request), hook_id=hook_id, call_id=call_id))
