"""The feed as an ASGI application: server-sent events for one session's units."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuan.config.settings")
django.setup()

from asgiref.sync import sync_to_async  # noqa: E402 - Django must be set up before its models are read

from yichuan.feed.hub import Hub  # noqa: E402
from yichuan.feed.subscribers import heard_by  # noqa: E402
from yichuan.people.services.end_sessions import SIGNED_OUT  # noqa: E402

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

CHECK_AGAIN_SECONDS = 300
"""How often a listener's session and posts are asked for again. Who is logged out is told at once; what is heard in
between names no document. Asking is what an open page costs most, so it is spread and seldom."""
SLACK = timedelta(seconds=2)
"""By how much the clocks of pages and feed may differ, and a page's numbers be older than its clock."""
SIGNED_OUT_LINE = f"event: {SIGNED_OUT}\n".encode()

hub = Hub()


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """`GET /feed/` with a session's cookie; anything else is refused. `?since=`: when the page was made (ISO 8601)."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if scope["type"] != "http":
        return
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["path"] != "/feed/" or scope["method"] != "GET":
        await _refuse(send, 404)
        return
    heard = await sync_to_async(heard_by, thread_sensitive=False)(headers.get("cookie", ""))
    if not heard or not _same_host(headers):
        await _refuse(send, 403)
        return
    await _stream(headers, heard, since(scope["query_string"]), receive, send)


def since(query: bytes) -> datetime | None:
    """From when on the page is told; nothing where it does not say, or says nonsense."""
    said = parse_qs(query.decode("latin-1")).get("since", [""])[0]
    with suppress(ValueError, OverflowError):
        return datetime.fromisoformat(said).astimezone(UTC) - SLACK
    return None


def _same_host(headers: dict[str, str]) -> bool:
    """Only pages of this host may listen; the port may differ (embedded mode)."""
    origin = headers.get("origin", "")
    return not origin or urlsplit(origin).hostname == urlsplit(f"//{headers.get('host', '')}").hostname


async def _stream(
    headers: dict[str, str], heard: frozenset[Any], from_then: datetime | None, receive: Receive, send: Send
) -> None:
    answer = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    if headers.get("origin"):
        answer += [
            (b"access-control-allow-origin", headers["origin"].encode()),
            (b"access-control-allow-credentials", b"true"),
            (b"vary", b"origin"),
        ]
    await send({"type": "http.response.start", "status": 200, "headers": answer})
    await send({"type": "http.response.body", "body": b"retry: 2000\n: open\n\n", "more_body": True})
    queue = hub.listen(heard, from_then)
    gone = asyncio.create_task(_wait_until_gone(receive))
    checked = asyncio.get_running_loop().time() - random.uniform(0, CHECK_AGAIN_SECONDS)  # noqa: S311 - spreads work
    try:
        while not gone.done():
            line = await queue.get()
            await send({"type": "http.response.body", "body": line, "more_body": True})
            now = asyncio.get_running_loop().time()
            if line.startswith(SIGNED_OUT_LINE) or now - checked > CHECK_AGAIN_SECONDS:
                checked = now
                if await sync_to_async(heard_by, thread_sensitive=False)(headers.get("cookie", "")) != heard:
                    break  # logged out, or other posts: the page asks again with what it may hear now
    finally:
        gone.cancel()
        hub.leave(queue)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _wait_until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
