"""Permissions are declared once, in one enum an app, each with the Chinese label that pages show.

They are asked the Django way, `user.has_perm(permission, obj)`; the backend that answers lives in `org`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from yichuan.common.errors import NotAllowed, SignedOut
from yichuan.common.labels import Labelled

PUBLIC = "public"
SIGNED_IN = "signed in"


class Permission(Labelled):
    """Base of every app's permissions: the value is `app.verb`, the label is what pages say."""


class Actor(Protocol):
    """A person as services see one: an account that can be asked for permissions."""

    pk: Any
    name: str

    def has_perm(self, perm: str, obj: object | None = None) -> bool: ...


View = Callable[..., HttpResponseBase]


def requires(permission: Permission | str) -> Callable[[View], View]:
    """Declare what a route needs: a permission, `SIGNED_IN`, or `PUBLIC`. A test walks all routes for it.

    Who is not logged in is led to the login; a region of a page that asks by itself gets 401 instead, so that what
    was typed beside it stays. The object itself is checked by the service; this is the first door, so that a post
    without the duty is told so.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if permission != PUBLIC:
                if not request.user.is_authenticated:
                    if request.headers.get("HX-Request"):  # a page that holds more than this one answer
                        raise SignedOut("signed_out", "登录已过期，请重新登录，再按一次。")
                    return _to_login(request)
                if isinstance(permission, Permission) and not request.user.has_perm(permission):
                    raise NotAllowed("no_permission", f"你的岗位没有「{permission.label}」的权限。")
            request.needed = permission  # type: ignore[attr-defined]  # for `web.requests.unit_of`
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def _to_login(request: HttpRequest) -> HttpResponseBase:
    """To the login and back. Django's views load the accounts' models, and those, by way of `states`, this module."""
    from django.contrib.auth.views import redirect_to_login

    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


def check(actor: Actor, permission: Permission, obj: object) -> None:
    """Raise `NotAllowed` unless `actor` holds `permission` over `obj` (P3, J-15)."""
    if not actor.has_perm(permission, obj):
        raise NotAllowed("no_permission", f"你的岗位没有「{permission.label}」的权限。")
