"""Tags and filters of the pages. `{% load yc %}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django import forms, template
from django.forms import BoundField
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from yichuan.common import clock
from yichuan.web import words
from yichuan.web.addresses import to_each
from yichuan.web.drawn import drawn_early, once
from yichuan.web.icons import known

register = template.Library()

KEPT = 512
"""So many symbols and states stand ready written: a page shows the same few a hundred times."""

CHECKS = {
    "ok": ("check-circle-fill", "t-green", "通过"),
    "warn": ("exclamation-triangle-fill", "t-amber", "需注意"),
    "bad": ("x-circle-fill", "t-danger", "没有通过"),
    "unknown": ("question-circle", "sub", "无法判断"),
}


@register.simple_tag
@lru_cache(KEPT, typed=True)  # what is marked as safe is another type: nothing unescaped is taken for it
def icon(name: str, extra: str = "", label: str = "") -> SafeString:
    """A symbol of the sprite. Decorative unless `label` says what it means."""
    href = f"{static('vendor/icons.svg')}#{known(name)}"
    if label:
        return format_html('<svg class="ic {}" role="img" aria-label="{}"><use href="{}"/></svg>', extra, label, href)
    return format_html('<svg class="ic {}" aria-hidden="true"><use href="{}"/></svg>', extra, href)


@register.simple_tag
@lru_cache(KEPT, typed=True)
def badge(text: str, kind: str = "", symbol: str = "") -> SafeString:
    """A state: icon, word and colour (`blue green amber danger solid line`, or none)."""
    return format_html('<span class="yc-tag {}">{}{}</span>', kind, icon(symbol) if symbol else "", text)


for name in ("icon", "badge"):
    register.tag(name, partial(drawn_early, compiled=register.tags[name]))
register.tag("once", once)


@register.simple_tag
def check_icon(state: str) -> SafeString:
    name, colour, word = CHECKS[state]
    return icon(name, colour, word)


@register.simple_tag
def checks_summary(checks: Iterable[Any]) -> SafeString:
    """How many checks passed, want attention, failed, could not be made: never one bare yes."""
    states = [_of(check, "state") for check in checks]
    parts = [("ok", "green", "check-lg", "项通过"), ("warn", "amber", "exclamation-triangle", "项需注意")]
    parts += [("bad", "danger", "x-circle-fill", "项没有通过"), ("unknown", "", "question-circle", "项无法判断")]
    tags = [badge(f"{states.count(s)} {word}", kind, sign) for s, kind, sign, word in parts if s in states]
    return mark_safe("".join(tags))  # noqa: S308  each part is the work of format_html


@register.simple_tag
def bar(segments: Iterable[tuple[str, int]], label: str = "", total: int | None = None, extra: str = "") -> SafeString:
    """A bar of counted segments `(kind, count)`; kinds are `recv sign late wait back paper now`."""
    counted = [(kind, count) for kind, count in segments if count]
    whole = total or sum(count for _, count in counted) or 1
    drawn, gaps, start = "", "", 0
    for kind, count in counted:
        x, width = f"{100 * start / whole:.2f}%", f"{100 * count / whole:.2f}%"
        drawn += f'<rect class="c-{escape(kind)}" x="{x}" width="{width}" height="100%"/>'
        gaps += f'<rect class="gap" x="{x}" width="1" height="100%"/>' if start else ""
        start += count
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    rects = mark_safe(drawn + gaps)  # noqa: S308  figures and an escaped kind
    return format_html('<svg class="yc-bar {}" {}>{}</svg>', extra, role, rects)


@register.inclusion_tag("yc/parts/day.html")
def day(
    start: datetime, end: datetime, points: Iterable[Mapping[str, Any]], now: datetime | None = None
) -> dict[str, Any]:
    """The day's deadlines on a line. A point: `{at, top, low, kind}`, kind of `ok done soon warn late`."""

    def place(at: datetime) -> str:
        share = (at - start) / (end - start)
        return f"{100 * min(max(share, 0.0), 1.0):.2f}%"

    placed = [{**point, "x": place(point["at"])} for point in points]
    label = "；".join("，".join(filter(None, (point["top"], point["low"]))) for point in placed)
    return {"points": placed, "now": place(now or clock.now()), "label": label}


@register.inclusion_tag("yc/parts/field.html")
def field(
    bound: BoundField, hint: str = "", wide: bool = False, suffix: str = "", needed: bool = False
) -> dict[str, Any]:
    """A labelled control with its hint and its errors, tied together for screen readers.

    `needed` stars a field that a draft may leave empty but the finished document may not.
    """
    widget = bound.field.widget
    group = isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    words_below = hint or bound.help_text
    described = [f"{bound.auto_id}_error"] if bound.errors else []
    described += [f"{bound.auto_id}_hint"] if words_below else []
    attrs: dict[str, str | bool] = {"class": _control_class(widget, bool(bound.errors))}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attrs),
        "group": group,
        "single_check": isinstance(widget, forms.CheckboxInput),
        "hint": words_below,
        "wide": wide,
        "suffix": suffix,
        "starred": needed or bound.field.required,
    }


def _control_class(widget: forms.Widget, bad: bool) -> str:
    names = [widget.attrs.get("class", "")]
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        names.append("form-check-input")
    elif isinstance(widget, forms.Select):
        names.append("form-select")
    else:
        names.append("form-control")
    if isinstance(widget, (forms.NumberInput, forms.DateInput)):
        names.append("num")
    if bad:
        names.append("is-bad")
    return " ".join(name for name in names if name)


@register.inclusion_tag("yc/parts/errsum.html")
def errsum(form: forms.BaseForm, title: str = "还没有完成") -> dict[str, Any]:
    """Everything wrong with a form in one place, each a link to its field; nothing when all is well."""
    problems = [{"target": "", "text": text} for text in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else bound.id_for_label or bound.auto_id
        named = str(bound.label)
        texts = [text if text.startswith(named) else f"{named}：{text}" for text in map(str, bound.errors)]
        problems += [{"target": target, "text": text} for text in texts]
    return {"problems": problems, "title": title}


@register.inclusion_tag("yc/parts/pager.html", takes_context=True)
def pager(context: template.Context, page: Any, path: str = "", noun: str = "件") -> dict[str, Any]:
    """Links over a Django `Page` below `path`; keeps the query string, swaps `#list` and pushes the address."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    shared = {"page": page, "numbers": list(numbers), "path": path, "noun": noun}
    return {**shared, "request": context.get("request"), "ellipsis": page.paginator.ELLIPSIS}


@register.simple_tag
def sheets(sizes: Iterable[tuple[float, float]], route: str, owner: Any, query: str = "") -> list[dict[str, Any]]:
    """The pages of a reader: number, address and size in millimetres. `route` takes the owner's id and the page."""
    tail = f"?{query}" if query else ""
    return [
        {
            "number": number,
            "url": f"{reverse(route, args=[owner, number])}{tail}",
            "width_mm": width,
            "height_mm": height,
        }
        for number, (width, height) in enumerate(sizes, start=1)
    ]


@register.simple_tag
def row_url(route: str, row: UUID) -> str:
    """`{% url route row %}` for the many rows of a list."""
    return to_each(route)(row)


@register.filter
def moment(at: datetime | None) -> str:
    return words.moment(at) if at else ""


@register.filter
def exactly(at: datetime | None) -> str:
    return words.exactly(at) if at else ""


@register.filter
def due(at: datetime) -> str:
    return words.due(at)


@register.inclusion_tag("yc/parts/clock.html")
def server_clock() -> dict[str, Any]:
    """The centre's date and hour; `clock.js` keeps it going."""
    return {"at": clock.now(), "day": words.today()}


@register.inclusion_tag("yc/parts/keys.html")
def keys(*pairs: str) -> dict[str, Any]:
    """The bar of keys: `{% keys "S" "签收" "R" "退回" %}`; the rest stands in the sheet behind ?."""
    return {"keys": list(zip(pairs[::2], pairs[1::2], strict=True))}


def _of(thing: Any, name: str) -> Any:
    return thing[name] if isinstance(thing, Mapping) else getattr(thing, name)
