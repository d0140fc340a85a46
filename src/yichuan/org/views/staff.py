"""人员: the unit administrator's list of people, and opening an account (P1, J-14)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import requires
from yichuan.org.forms.people import OpenPersonForm
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors.contacts import people_like
from yichuan.org.selectors.staff import AccountState, staff_of, unit_administrators, with_posts
from yichuan.org.services.open_person import open_person
from yichuan.web.requests import actor_of, no_store, searched, unit_of

PER_PAGE = 14


@requires(OrgPermission.MANAGE_STAFF)
@require_GET
def staff(request: HttpRequest) -> HttpResponse:
    """The unit's people with the state of their accounts and their posts."""
    unit, text, state = unit_of(request), searched(request, "q"), searched(request, "state")
    state = state if state in {each.value for each in AccountState} else ""
    page = Paginator(staff_of(unit.pk, text=text, state=state), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = with_posts(page.object_list)
    counts = {each: staff_of(unit.pk, state=each.value).count() for each in AccountState}
    tabs = [{"state": each.value, "label": each.label, "count": number} for each, number in counts.items()]
    context = {"page": page, "q": text, "state": state, "tabs": tabs, "total": sum(counts.values())}
    return render(request, "org/staff.html", context)


@requires(OrgPermission.RESET)
@require_GET
def unit_admins(request: HttpRequest) -> HttpResponse:
    """The unit administrators of every unit, for the system administrator who resets their passwords."""
    text = searched(request, "q")
    page = Paginator(unit_administrators(text), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = with_posts(page.object_list)
    return render(request, "org/unit_admins.html", {"page": page, "q": text})


@requires(OrgPermission.SUSPEND)
@require_GET
def find_person(request: HttpRequest) -> HttpResponse:
    """Somebody of any unit by name, pinyin or number, for the security officer who suspends at once (G-39)."""
    text = searched(request, "q")
    return render(request, "org/find_person.html", {"q": text, "people": with_posts(people_like(text))})


@requires(OrgPermission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    """开设账号. The answer shows the first password, this once."""
    unit = unit_of(request)
    form = OpenPersonForm(request.POST or None, unit=unit)
    context: dict[str, Any] = {"form": form, "unit": unit}
    if request.method == "POST" and form.is_valid():
        try:
            account, password = open_person(actor=actor_of(request), unit=unit, **form.cleaned_data)
        except Invalid as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name, message)
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            context["refusal"] = refusal
            context["form"] = OpenPersonForm(request.POST.dict() | {"sure": "on"}, unit=unit)
        else:
            return first_password_page(request, account, password, opened=True)
    status = 422 if form.errors or "refusal" in context else 200
    return render(request, "org/open_account.html", context, status=status)


def first_password_page(request: HttpRequest, account: Any, password: str, *, opened: bool) -> HttpResponse:
    """The page that shows a first password: kept by nobody, asked for by no second request."""
    context = {"account": account, "password": password, "opened": opened}
    return no_store(render(request, "org/first_password.html", context))
