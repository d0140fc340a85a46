"""Whether the session still stands, and whether a password must be changed before anything else (P2, J-16)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from yichuan.people.models import Account, OpenSession
from yichuan.people.selectors import password_expired
from yichuan.people.services.keep_session import seen, standing

OPEN_WHILE_IT_MUST_CHANGE = ("people:change_password", "people:log_out", "people:log_in", "people:session")
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class OpenSessions:
    """Set `request.open_session`. A session that is over is nobody's; its cookie stays, so that the login can say why.

    What a page asks by itself is no use of it: such requests carry `X-Background`, or go to the routes that only pages
    ask (`YICHUAN_BACKGROUND_ROUTES`).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        session = standing(request.session)  # before anybody asks who it is: that would clear away what is over
        if session is not None and _is_of(request.session, session.account):
            request.user = session.account
        elif session is None or not request.user.is_authenticated:
            session, request.user = None, AnonymousUser()
        request.open_session = session  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        session: OpenSession | None = request.open_session  # type: ignore[attr-defined]
        route = request.resolver_match.view_name if request.resolver_match else ""
        by_itself = request.headers.get("X-Background") or route in settings.YICHUAN_BACKGROUND_ROUTES
        if session is not None and not by_itself:
            seen(session)


def _is_of(session: SessionBase, account: Account) -> bool:
    """Whether the browser's session is this account's: what Django itself asks (`django.contrib.auth.get_user`), of the
    row that was just read. It has its say where this is not so: of a session that it must clear away, for one."""
    proof = account.get_session_auth_hash()
    named = session.get(SESSION_KEY) == str(account.pk) and account.is_active
    return named and constant_time_compare(session.get(HASH_SESSION_KEY, ""), proof)


def open_sessions(get_response: GetResponse) -> OpenSessions:
    return OpenSessions(get_response)


def first_password(get_response: GetResponse) -> GetResponse:
    """Send a person whose password is a first one, or too old, to the page that changes it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        must = request.must_change = _must_change(request)  # type: ignore[attr-defined]
        if must and request.path not in map(reverse, OPEN_WHILE_IT_MUST_CHANGE):
            return redirect("people:change_password")
        return get_response(request)

    return middleware


def _must_change(request: HttpRequest) -> bool:
    """Whether nothing else is done before the password is changed."""
    user, session = request.user, request.open_session  # type: ignore[attr-defined]
    return isinstance(user, Account) and (user.must_change_password or password_expired(user, session.method))
