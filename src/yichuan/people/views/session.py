"""Login, logout, and changing one's own password."""

from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import PUBLIC, SIGNED_IN, requires
from yichuan.people.forms import ChangePasswordForm, LogInForm
from yichuan.people.models import Account
from yichuan.people.services.log_in import begin_session, check_password_login
from yichuan.people.services.open_account import change_password as change
from yichuan.web.requests import no_store, posted


@requires(PUBLIC)
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    form = LogInForm(request.POST or None)
    # a cookie of a session that is over: the person worked here a while ago
    context = {
        "form": form,
        "expired": not request.user.is_authenticated and settings.SESSION_COOKIE_NAME in request.COOKIES,
    }
    if request.method == "POST" and form.is_valid():
        try:
            account = check_password_login(request, **form.cleaned_data)
        except Refused as refusal:
            headline, _, rest = refusal.message.partition("。")
            context |= {"headline": headline, "rest": rest, "expired": False}
            return render(request, "yc/login.html", context, status=422)
        else:
            begin_session(request, account, method="password")
            wanted = request.GET.get("next", "")
            safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
            return HttpResponseRedirect(wanted) if safe and wanted else redirect("portal:workbench")
    return render(request, "yc/login.html", context, status=422 if form.errors else 200)


@requires(PUBLIC)
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Whether somebody is logged in, and the token for forms: a page asks before it sends what was typed."""
    return no_store(JsonResponse({"signed_in": request.user.is_authenticated, "csrf": get_token(request)}))


@requires(SIGNED_IN)
@posted("portal:workbench")
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("people:log_in")


@requires(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None)
    account = request.user
    assert isinstance(account, Account)  # noqa: S101 - `requires` lets nobody else through; this tells the type
    if request.method == "POST" and form.is_valid():
        try:
            change(account=account, **form.cleaned_data)
        except Invalid as refusal:
            for field, message in refusal.errors.items():
                form.add_error(field, message)
        else:
            update_session_auth_hash(request, account)
            return redirect("portal:workbench")
    context = {"form": form, "first": account.must_change_password}
    return render(request, "yc/change_password.html", context, status=422 if form.errors else 200)
