"""What every operation of the interface has: who asks, its permission, its answer once and again, its problems."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router
from ninja.parser import Parser
from ninja.security import HttpBearer
from pydantic import BaseModel, ConfigDict

from yichuan.common.errors import Invalid, Refused, Unavailable
from yichuan.common.permissions import PUBLIC, Permission, check
from yichuan.interface.models import Client
from yichuan.interface.problems import GENERAL, MEDIA_TYPE, PROBLEMS
from yichuan.interface.services import answers
from yichuan.interface.services.tokens import holder_of
from yichuan.lib.gm.sm3 import sm3
from yichuan.org.selectors import Desk

KEY = "Idempotency-Key"
LONGEST_KEY = 80
VISIBLE = "^[!-~]+$"
ALWAYS = ("invalid_token", "no_permission", "invalid", "error", "unavailable")
UNDER_A_KEY = ("key_missing", "key_reused", "in_progress")


class BadRequest(Refused):
    """A request that cannot be read."""

    status = 400


class WrongContentType(Refused):
    status = 415


class Given(BaseModel):
    """Base of what is sent to us: a name that nobody knows is refused, not passed over."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class Told(BaseModel):
    """Base of what we answer."""


class ProblemOut(BaseModel):
    """RFC 9457. `code` is of the list; `errors` names fields."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: dict[str, str] = {}


class Bearer(HttpBearer):
    """A token in the header `Authorization: Bearer …`."""

    def authenticate(self, request: HttpRequest, token: str) -> Client | None:
        return holder_of(token)


class StrictParser(Parser):
    """JSON under its own content type alone; nothing that no database or document could hold."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise WrongContentType("wrong_content_type", "请求的内容类型应是 application/json。")
        return read_json(request.body)


def read_json(data: bytes) -> Any:
    """What the JSON says. Raises BadRequest `not_json`, also for what no database or document could hold."""
    try:
        found = json.loads(data, parse_constant=_no_number)
        for text in _texts(found):
            text.encode()
            if "\0" in text:
                raise ValueError("NUL")
    except (ValueError, RecursionError) as error:
        raise BadRequest("not_json", "请求的内容不是完整的 JSON（UTF-8），请检查后重新发送。") from error
    return found


def _no_number(name: str) -> None:
    raise ValueError(name)


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for name, value in found.items():
            yield name
            yield from _texts(value)
    elif isinstance(found, list):
        for each in found:
            yield from _texts(each)


def client_of(request: HttpRequest) -> Client:
    """Whose token the request bears."""
    client: Client = request.auth  # type: ignore[attr-defined]
    return client


def named_by_key(request: HttpRequest) -> uuid.UUID:
    """The id of what the request makes: the same for the same client and key, so that trying again makes it once."""
    return uuid.uuid5(client_of(request).pk, request.headers[KEY])


def desk_of(client: Client) -> Desk:
    """The registry or office that the client works at."""
    return Desk(client.unit, client.office)


Work = Callable[..., Any]


def operation(
    router: Router,
    method: str,
    path: str,
    *,
    permission: Permission | str,
    summary: str,
    answer: type[Told] | str,
    status: int = 200,
    codes: tuple[str, ...] = (),
    key: bool = False,
    asked: Callable[[HttpRequest], bytes] | None = None,
    done: Work | None = None,
    extra: dict[str, Any] | None = None,
    tags: tuple[str, ...] = (),
) -> Callable[[Work], Work]:
    """Declare one operation of the interface; a test fails on one that does not come through here.

    `answer` is what it tells, or the media type of the file it gives. With `key` it changes something, asks for an
    Idempotency-Key and gives the first answer again; `asked` gives what tells one request from another where that is
    not the body as it came; `done(request, **arguments)` tells what there is where an
    earlier try under the key may have been killed after its work, or None. `codes` are the problems of its own.
    """

    def decorate(work: Work) -> Work:
        @wraps(work)
        def guarded(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            if isinstance(permission, Permission):
                client = client_of(request)
                check(client.account, permission, desk_of(client))
            if not key:
                return _answer(work(request, **arguments), status)
            found = (lambda: done(request, **arguments)) if done is not None else None
            return _once(request, lambda: work(request, **arguments), found, status, asked or _as_it_came)

        guarded.permission = permission  # type: ignore[attr-defined]
        declared = {*codes, *(ALWAYS if permission != PUBLIC else ()), *(UNDER_A_KEY if key else ())}
        router.add_api_operation(
            path,
            [method],
            guarded,
            auth=None if permission == PUBLIC else Bearer(),
            response={status: answer if isinstance(answer, type) else None},
            summary=summary,
            operation_id=work.__name__,
            tags=list(tags) or None,
            openapi_extra=_described(answer, status, declared, key=key, extra=extra or {}),
        )
        return guarded

    return decorate


def _answer(told: Any, status: int) -> HttpResponseBase:
    if isinstance(told, HttpResponseBase):
        return told
    body = told.model_dump_json(by_alias=True) if isinstance(told, Told) else ""
    return _json(body.encode(), status)


def _json(body: bytes, status: int) -> HttpResponse:
    response = HttpResponse(body, content_type="application/json", status=status)
    response["Cache-Control"] = "no-store"
    return response


_visible = re.compile(VISIBLE).fullmatch


def _as_it_came(request: HttpRequest) -> bytes:
    return request.body


def _once(
    request: HttpRequest,
    work: Callable[[], Any],
    done: Callable[[], Any] | None,
    status: int,
    asked: Callable[[HttpRequest], bytes],
) -> HttpResponseBase:
    """The work, or the first answer to the same request under the same key."""
    name = request.headers.get(KEY, "")
    if len(name) > LONGEST_KEY or not _visible(name):
        raise BadRequest("key_missing", f"请求头 {KEY} 应有 1 到 {LONGEST_KEY} 个可见的英文字符，每个请求一个。")
    whole = b"\0".join((str(request.method).encode(), request.get_full_path().encode(), asked(request)))
    begun = answers.begin(client=client_of(request), key=name, request_digest=sm3(whole).hex())
    if isinstance(begun, answers.Kept):
        return _json(begun.body, begun.status)
    try:
        response = _answer(_told(work, done if begun.again else None), status)
    except Unavailable:
        answers.put_down(begun)
        raise
    except Refused:
        answers.release(begun)
        raise
    if isinstance(response, HttpResponse) and response.headers["Content-Type"] == "application/json":
        answers.keep(begun, status=response.status_code, body=response.content)
    else:  # a file is read anew each time: no plain copy of it is kept
        answers.release(begun)
    return response


def _told(work: Callable[[], Any], done: Callable[[], Any] | None) -> Any:
    """What the work tells; where an earlier try did it already and was killed, what there is now."""
    try:
        return work()
    except Refused:
        found = done() if done is not None else None
        if found is None:
            raise
        return found


def _described(
    answer: type[Told] | str, status: int, codes: set[str], *, key: bool, extra: dict[str, Any]
) -> dict[str, Any]:
    """What the schema says beyond ninja's own: files, problems by status, the key."""
    responses: dict[int, Any] = {}
    if isinstance(answer, str) and answer:
        binary = {"schema": {"type": "string", "format": "binary"}}
        responses[status] = {"content": {answer: binary}}
    by_status: dict[int, list[str]] = {}
    for code in sorted(codes):
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    for number, listed in sorted(by_status.items()):
        general = GENERAL.get(number, "")
        listed = listed if general in listed or number in (401, 429) else [*listed, general]
        responses[number] = {
            "description": "; ".join(f"{code}: {PROBLEMS[code].meaning}" for code in listed),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": _example(listed[0]),
                }
            },
        }
    parameters = [_KEY_PARAMETER] if key else []
    return {"responses": responses, **({"parameters": parameters} if parameters else {}), **extra}


def _example(code: str) -> dict[str, Any]:
    known = PROBLEMS[code]
    return {"type": f"/api/v1/docs#{code}", "title": known.title, "status": known.status, "detail": "…", "code": code}


_KEY_PARAMETER = {
    "in": "header",
    "name": KEY,
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": VISIBLE},
    "description": "Names this request: the same key with the same request gets the first answer again, for 7 days.",
    "example": "2c1d7a7e-6f0b-4c5e-9a55-0d4f2f1f6f10",
}


def invalid(field: str, message: str) -> Invalid:
    """One field at fault."""
    return Invalid({field: message})
