"""Challenges and signed answers: what the pages of certificates send by script, answered as JSON."""

import base64
import binascii
import json
import uuid
from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from yichuan.common import clock
from yichuan.common.errors import NotAllowed, Refused
from yichuan.common.permissions import PUBLIC, requires
from yichuan.keys.services.check import LONGEST
from yichuan.people.services import challenge
from yichuan.people.services.challenge import Action
from yichuan.web.requests import no_store, posted

View = Callable[..., dict[str, Any] | HttpResponse]
MOST = 64 * 1024


class Said:
    """The fields of a JSON body, each read as what it must be. Refused `bad_request` where it is not that.

    Nothing is read before it is asked for: a view looks first whether the person may be there at all.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _found(self) -> dict[str, Any]:
        body = self._request.body
        try:
            found = json.loads(body) if len(body) <= MOST else None
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise self._fault()
        return found

    def text(self, name: str, longest: int = 200) -> str:
        """A short text; empty where it is missing."""
        value = self._found.get(name, "")
        if not isinstance(value, str) or len(value) > longest:
            raise self._fault()
        return value

    def id(self, name: str) -> uuid.UUID:
        """An identifier."""
        try:
            return uuid.UUID(self.text(name))
        except ValueError as error:
            raise self._fault() from error

    def signature(self, name: str) -> bytes:
        """A signature in hex."""
        try:
            return bytes.fromhex(self.text(name))
        except ValueError as error:
            raise self._fault() from error

    def certificate(self, name: str) -> bytes:
        """A certificate in base64 of DER."""
        try:
            return base64.b64decode(self.text(name, LONGEST * 2), validate=True)
        except (binascii.Error, ValueError) as error:
            raise self._fault() from error

    @staticmethod
    def _fault() -> Refused:
        return Refused("bad_request", "页面发来的内容不完整，没有办成。请刷新页面再试。")


def answers_json(view: View) -> Callable[..., HttpResponse]:
    """A view of `Said` whose answer, a refusal too, is JSON."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, Said(request), *args, **kwargs)
        except Refused as refusal:
            said = {"error": refusal.message, "code": refusal.code}
            return no_store(JsonResponse(said, status=refusal.status))
        return no_store(JsonResponse(answer) if isinstance(answer, dict) else answer)

    return answered


@requires(PUBLIC)
@posted("people:certificate_login")
@answers_json
def give_challenge(request: HttpRequest, said: Said) -> dict[str, Any]:
    """A challenge to sign. Who is not logged in gets one for the login only."""
    try:
        action = Action(said.text("action"))
    except ValueError as error:
        raise Refused("challenge_action", "页面发来的内容不对，请刷新页面再试。") from error
    if action is not Action.LOG_IN and not request.user.is_authenticated:
        raise NotAllowed("signed_out", "登录已过期，请重新登录，再办一次。")
    made = challenge.issue(request, action, said.text("digest", 64))
    return {"id": str(made.pk), "text": made.text, "now": clock.now().isoformat()}
