"""The last step of every way to log in: enough was proved, or something more is wanted first."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from yichuan.people.client import COOKIE, device_of, set_cookie
from yichuan.people.factors import Factor, enough, method_of
from yichuan.people.models import Account, PersonCertificate
from yichuan.people.services.certificate_login import bind_session
from yichuan.people.services.log_in import begin_session
from yichuan.people.services.second_factor import (
    ENROL_ONLY,
    demands_of,
    forget_pending,
    keep_pending,
    pending,
    within_reach,
)


def enter(
    request: HttpRequest, account: Account, factor: Factor, certificate: PersonCertificate | None = None
) -> HttpResponse:
    """Begin the session and lead on to the page that was wanted; where the duties demand more, to the page for that.

    Somebody who has not got yet what their duties demand gets a session that opens only the way to it.
    """
    proved, before = frozenset({factor}), pending(request)
    if before is not None and before.account == account:
        proved |= before.proved
        certificate = certificate or before.certificate
    done = enough(demands_of(account), proved)
    if not done and within_reach(account):
        keep_pending(request, account, proved, certificate)
        return redirect(f"{reverse('people:second_factor')}?{urlencode({'next': request.GET.get('next', '')})}")
    forget_pending(request)
    begin_session(request, account, method=method_of(proved))
    if certificate is not None:
        bind_session(request, certificate)
    request.session[ENROL_ONLY] = not done
    response = redirect("people:enrol") if not done else _wanted(request)
    if device_of(request) is not None:
        set_cookie(response, request.COOKIES[COOKIE])  # keeps it from running out
    return response


def _wanted(request: HttpRequest) -> HttpResponseRedirect:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(wanted if safe and wanted else reverse("portal:workbench"))
