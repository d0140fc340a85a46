"""Tokens of office systems (RFC 6749, 4.4): short-lived, kept as a digest, dead with the client."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, DateTimeField

from yichuan.audit.selectors import recorded_lately
from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.prepared import Prepared
from yichuan.common.transactions import command
from yichuan.interface.models import Client, Token
from yichuan.interface.services.clients import digest, drawn, is_secret_of
from yichuan.org.models import Post
from yichuan.org.selectors import as_held, keep_posts
from yichuan.people.services.tries import Try, begin_try, forgive_try

LASTS = timedelta(minutes=15)
RECORDED_EVERY = timedelta(hours=1)
ISSUED, REFUSED = "interface.issue_token", "interface.refuse_token"


class WrongClient(Refused):
    """No such client, not its secret, or cut off: the three look alike."""

    status = 401


class TooManyTries(Refused):
    """Guessing from this address is slowed."""

    status = 429


@dataclass(frozen=True)
class Issued:
    """A token as it is told once, and until when it counts."""

    token: str
    expires_at: datetime


def issue_token(*, client_id: uuid.UUID | None, secret: str, address: str) -> Issued:
    """A token for the client that knows its secret. A command.

    A try is counted before it is looked at, like a login's (`people.services.tries`); the first refusal of a slowed
    address is on record, a flood of them is not. So is one token an hour: systems ask for many.
    """
    with command():
        found = begin_try(address)
        if found is Try.SLOWED:
            record(verb=REFUSED, actor=None, detail={"reason": found, "address": address})
    if found is not Try.OPEN:
        raise TooManyTries("slowed", "这个地址用错误的密钥试了太多次，请一刻钟后再试。")
    token, now = drawn(), clock.now()
    with command():
        rows = Client.objects.select_for_update(of=("self",)).select_related("account", "unit")
        client = rows.filter(pk=client_id).first() if client_id is not None else None
        right = client is not None and is_secret_of(client, secret) and _stands(client)
        if client is None or not right:
            unit_id = client.unit_id if client else None
            detail = {"reason": "wrong", "address": address}
            record(verb=REFUSED, actor=None, unit_id=unit_id, subject=client, detail=detail)
        else:
            forgive_try(address)
            client.tokens.filter(expires_at__lte=now).delete()
            Token.objects.create(digest=digest(token), client=client, issued_at=now, expires_at=now + LASTS)
            client.last_seen_at = now
            client.save(update_fields=["last_seen_at"])
            if not recorded_lately(verb=ISSUED, actor=client.account, subject=client, since=now - RECORDED_EVERY):
                detail = {"address": address}
                record(verb=ISSUED, actor=client.account, unit_id=client.unit_id, subject=client, detail=detail)
    if not right:
        raise WrongClient("invalid_client", "接口编号或密钥不对，或者接口已停用。")
    return Issued(token, now + LASTS)


_of_token = Prepared(
    lambda digest, now: as_held(
        Post.objects.filter(account__client__tokens__digest=digest, account__client__tokens__expires_at__gt=now), now
    ).select_related("account__client__unit", "account__client__office"),
    digest=CharField(),
    now=DateTimeField(),
)
_without_post = Prepared(
    lambda digest, now: Client.objects.select_related("account", "unit", "office").filter(
        tokens__digest=digest, tokens__expires_at__gt=now
    ),
    digest=CharField(),
    now=DateTimeField(),
)


def holder_of(token: str) -> Client | None:
    """Whose token it is, if it still counts and its client may still do anything.

    Read with the posts of the client's account, which every operation asks for. A client without one is known all the
    same: what it may not do is told it by its permissions.
    """
    if not 20 <= len(token) <= 100 or not token.isascii():
        return None
    asked = {"digest": digest(token), "now": clock.now()}
    posts = _of_token(**asked)
    if posts:
        client: Client = posts[0].account.client
        keep_posts(client.account, posts)
    elif found := _without_post(**asked):
        client = found[0]
        keep_posts(client.account, [])
    else:
        return None
    return client if _stands(client) else None


def _stands(client: Client) -> bool:
    return client.cut_at is None and client.account.is_active and client.unit.closed_at is None


def forget_tokens() -> int:
    """Clear away what counts no more; how many. A command for the ticker."""
    with command():
        return Token.objects.filter(expires_at__lte=clock.now()).delete()[0]
