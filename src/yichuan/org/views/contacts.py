"""通讯录: units with whom to call there, people by name or number (I4, U8)."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yichuan.common.errors import NotFound
from yichuan.common.permissions import requires
from yichuan.org.batches import batch_name
from yichuan.org.models import Unit
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors.contacts import contact_of, contacts_of, offices_of, people_like, units_like
from yichuan.org.selectors.staff import with_posts
from yichuan.web.requests import searched

PER_PAGE = 50


@requires(OrgPermission.SEE_CONTACTS)
@require_GET
def contacts(request: HttpRequest) -> HttpResponse:
    """The book, fifty units a page; with a search also the people it finds."""
    text, batch = searched(request, "q"), searched(request, "batch")
    batches = [
        {"number": number, "name": batch_name(number)}
        for number in Unit.objects.filter(closed_at=None).order_by("batch").values_list("batch", flat=True).distinct()
    ]
    units = units_like(text)
    if batch.isdecimal() and int(batch) in {each["number"] for each in batches}:
        units = units.filter(batch=int(batch))
    page = Paginator(units, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "book": contacts_of(page.object_list, brief=True),
        "people": with_posts(people_like(text)),
        "q": text,
        "batch": batch,
        "batches": batches,
    }
    return render(request, "org/contacts.html", context)


@requires(OrgPermission.SEE_CONTACTS)
@require_GET
def contact(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """One unit: names, offices, everybody who can be called; a merged one shows where it went."""
    if not Unit.objects.filter(pk=unit_id).exists():
        raise NotFound("no_unit", "通讯录里没有这个单位。请回到通讯录查找。")
    found = contact_of(unit_id)
    names = found.unit.names.order_by("-main", "valid_from")
    context = {"contact": found, "names": names, "offices": offices_of(found.unit.pk)}
    return render(request, "org/contact.html", context)
