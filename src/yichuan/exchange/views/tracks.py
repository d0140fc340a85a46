"""单轨双轨 (D4): by which track the centre and pairs of units exchange; the supervising unit's approver sets it."""

import uuid
from collections.abc import Iterable

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yichuan.common import profile
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import requires
from yichuan.exchange.models import Track
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_paper import track_rules
from yichuan.exchange.services.track import LONGEST_REASON, end_track, set_track
from yichuan.org.models import Unit
from yichuan.web.requests import actor_of, posted, unit_of

PER_PAGE = 20
EVERY = "留空表示所有单位"


class TrackForm(forms.Form):
    """Which pair, which track, and on what ground. A unit is typed by its name; empty stands for every unit."""

    sender = forms.CharField(label="发文单位", required=False, max_length=120)
    receiver = forms.CharField(label="收文单位", required=False, max_length=120)
    track = forms.ChoiceField(label="轨道", choices=Track.choices, initial=Track.DUAL)
    reason = forms.CharField(
        label="依据", max_length=LONGEST_REASON, error_messages={"required": "请写明依据，例如主管单位的通知文号。"}
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")
        for name in ("sender", "receiver"):
            self.fields[name].widget.attrs |= {"placeholder": EVERY, "list": "unit-names", "autocomplete": "off"}

    def take(self, errors: Iterable[tuple[str, str]]) -> None:
        """Show what the service refused beside its field."""
        for name, text in errors:
            self.add_error(name if name in self.fields else None, text)


@requires(ExchangePermission.SET_TRACK)
@require_http_methods(["GET", "POST"])
def tracks(request: HttpRequest) -> HttpResponse:
    """The rules in force and those that ended; a POST sets one more."""
    if request.method == "GET":
        return _page(request, TrackForm())
    form = TrackForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        units = {name: _called(given[name]) if given[name] else None for name in ("sender", "receiver")}
        unknown = [name for name, unit in units.items() if given[name] and unit is None]
        form.take((name, "通讯录里没有这个单位，请写简称或者全称。") for name in unknown)
        if not unknown:
            try:
                set_track(
                    actor=actor_of(request),
                    at=unit_of(request),
                    sender_id=units["sender"].pk if units["sender"] else None,
                    receiver_id=units["receiver"].pk if units["receiver"] else None,
                    track=given["track"],
                    reason=given["reason"],
                )
                return redirect("exchange:tracks")
            except Invalid as refusal:
                form.take(refusal.errors.items())
            except Refused as refusal:
                if refusal.status in (403, 404):
                    raise
                form.take([("track", refusal.message)])
    return _page(request, form)


def _called(name: str) -> Unit | None:
    """The open unit of this short or full name."""
    return Unit.objects.filter(Q(short_name=name) | Q(name=name), closed_at=None).first()


def _page(request: HttpRequest, form: TrackForm) -> HttpResponse:
    page = Paginator(track_rules(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "ended": track_rules(ended=True)[:PER_PAGE],
        "centre": Track(profile.current().exchange.track).label,
        "profile": profile.current().title,
        "names": Unit.objects.filter(closed_at=None).order_by("order").values_list("short_name", flat=True)[:500],
    }
    return render(request, "exchange/tracks.html", context, status=422 if form.errors else 200)


@requires(ExchangePermission.SET_TRACK)
@posted("exchange:tracks", keep=0)
def end(request: HttpRequest, rule_id: uuid.UUID) -> HttpResponse:
    """取消这条规定."""
    end_track(actor=actor_of(request), at=unit_of(request), rule_id=rule_id)
    return redirect("exchange:tracks")
