"""Login, logout, and changing one's own password."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common import profile
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import PUBLIC, SIGNED_IN, requires
from yichuan.people import endings
from yichuan.people.factors import Factor
from yichuan.people.forms import ChangePasswordForm, LogInForm
from yichuan.people.models import Account
from yichuan.people.passwords import rules
from yichuan.people.services.change_password import change_password as change
from yichuan.people.services.keep_session import log_out as end_session
from yichuan.people.services.log_in import KEY, check_password_login
from yichuan.people.views.entering import enter
from yichuan.web.requests import no_store, posted


@requires(PUBLIC)
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    form = LogInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = check_password_login(request, **form.cleaned_data)
            return enter(request, account, Factor.PASSWORD)
        except Refused as refusal:
            return log_in_page(request, form, refusal)
    return log_in_page(request, form)


def log_in_page(request: HttpRequest, form: LogInForm, refusal: Refused | None = None) -> HttpResponse:
    """The page of the login; a refusal stands on top of it."""
    context: dict[str, Any] = {"form": form}
    if refusal is not None:
        headline, _, rest = refusal.message.partition("。")
        context |= {"headline": headline, "rest": rest}
    elif not request.user.is_authenticated and _was_here(request):
        context["ended"] = endings.words(request)
    return render(request, "yc/login.html", context, status=422 if form.errors or refusal else 200)


def _was_here(request: HttpRequest) -> bool:
    """Whether the browser's session was one of a login; one that waits for a signature or a code is not."""
    known = settings.SESSION_COOKIE_NAME in request.COOKIES
    return known and (KEY in request.session or request.session.is_empty())


@requires(PUBLIC)
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Whether somebody is logged in, and the token for forms: a page asks before it sends what was typed."""
    signed_in = request.user.is_authenticated
    answer = {"signed_in": signed_in, "csrf": get_token(request), "why": "" if signed_in else endings.words(request)}
    return no_store(JsonResponse(answer))


@requires(SIGNED_IN)
@posted("portal:workbench")
def log_out(request: HttpRequest) -> HttpResponse:
    end_session(request.open_session)  # type: ignore[attr-defined]
    logout(request)
    return redirect("people:log_in")


@requires(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None)
    account = request.user
    assert isinstance(account, Account)  # noqa: S101 - `requires` lets nobody else through; this tells the type
    first = account.must_change_password
    if request.method == "POST" and form.is_valid():
        try:
            change(account=account, session_id=request.open_session.pk, **form.cleaned_data)  # type: ignore[attr-defined]
        except Invalid as refusal:
            for field, message in refusal.errors.items():
                form.add_error(field, message)
        else:
            update_session_auth_hash(request, account)
            return redirect("portal:workbench")
    context = {
        "form": form,
        "first": first,
        "expired": request.must_change and not first,  # type: ignore[attr-defined]
        "days": profile.current().passwords.lasts.days,
        "rules": rules(),
        "back_url": "" if request.must_change else "/",  # type: ignore[attr-defined]
    }
    return render(request, "yc/change_password.html", context, status=422 if form.errors else 200)
