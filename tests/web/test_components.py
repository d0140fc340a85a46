"""Each component says in words what its colour says, and ties its parts together for a screen reader."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django import forms
from django.core.paginator import Paginator
from django.utils import timezone

from support.pages import render, render_text, tags, words
from yichuan.web.icons import UnknownIcon

CHECKS = [
    {"name": "内容完整", "state": "ok", "note": "正文与盖章时一字不差。"},
    {
        "name": "覆盖范围",
        "state": "warn",
        "note": "不含第 4 页。",
        "links": [{"label": "看第 4 页", "url": "#p4", "icon": "search"}],
    },
    {"name": "印章", "state": "bad", "note": "签名值不对。"},
    {"name": "时间", "state": "unknown", "note": "没有时间戳。"},
]


class SendForm(forms.Form):
    main = forms.CharField(label="主送", error_messages={"required": "请至少选一个单位"})
    prints = forms.IntegerField(label="打印份数", help_text="1 到 20 份")
    urgent = forms.BooleanField(label="急件", required=False)


def test_an_icon_that_the_sprite_does_not_hold_is_refused() -> None:
    with pytest.raises(UnknownIcon, match="not-an-icon"):
        render_text('{% icon "not-an-icon" %}')


def test_an_icon_is_decoration_unless_it_is_given_words() -> None:
    plain, named = render_text('{% icon "check-lg" %}'), render_text('{% icon "check-lg" "" "已签收" %}')
    assert 'aria-hidden="true"' in plain
    assert 'role="img" aria-label="已签收"' in named and "aria-hidden" not in named
    assert tags(plain, "use")[0]["href"] == "/static/vendor/icons.svg#check-lg"


def test_a_badge_escapes_what_people_typed() -> None:
    assert "<b>" not in render_text("{% badge name 'green' 'check-lg' %}", name="<b>局</b>")


def test_the_summary_counts_every_kind_of_result_and_never_says_a_bare_yes() -> None:
    said = words(render_text("{% checks_summary checks %}", checks=CHECKS))
    assert said == "1 项通过 1 项需注意 1 项没有通过 1 项无法判断"


def test_every_check_says_its_result_in_words_beside_the_colour() -> None:
    html = render("yc/parts/checks.html", checks=CHECKS)
    assert [icon["aria-label"] for icon in tags(html, "svg") if "aria-label" in icon] == [
        "通过", "需注意", "没有通过", "无法判断",
    ]  # fmt: skip
    assert "看第 4 页" in words(html)


def test_a_field_at_fault_is_tied_to_its_message_and_its_hint() -> None:
    form = SendForm({"main": "", "prints": "many"})
    html = render_text("{% field form.prints %}", form=form)
    control = tags(html, "input")[0]
    described = (control["aria-describedby"] or "").split()
    ids = [attrs.get("id") for attrs in tags(html)]
    assert control["aria-invalid"] == "true" and "is-bad" in (control["class"] or "")
    assert described and all(name in ids for name in described)


def test_a_field_that_is_right_carries_no_mark_of_error() -> None:
    html = render_text("{% field form.main %}", form=SendForm())
    assert "err-msg" not in html and "is-bad" not in html and 'class="req"' in html


def test_the_error_summary_links_each_problem_to_its_field() -> None:
    form = SendForm({"main": "", "prints": "3"})
    html = render_text('{% errsum form "还没有发出" %}', form=form)
    assert "还没有发出，有 1 处要改" in words(html)
    assert tags(html, "a")[0]["href"] == "#id_main"
    assert render_text("{% errsum form %}", form=SendForm()).strip() == ""


def test_a_bar_is_drawn_without_inline_style_and_fills_the_whole() -> None:
    html = render_text("{% bar parts '进度' %}", parts=[("recv", 56), ("back", 0), ("late", 36)])
    drawn = [attrs for attrs in tags(html, "rect") if (attrs["class"] or "").startswith("c-")]
    assert [(attrs["class"], attrs["width"]) for attrs in drawn] == [("c-recv", "60.87%"), ("c-late", "39.13%")]
    assert "style" not in html


def test_the_day_places_a_deadline_by_its_hour_and_says_it_aloud() -> None:
    start = timezone.now()
    points = [{"at": start + timedelta(hours=2), "top": "发文截止", "low": "1 件待盖章", "kind": "soon"}]
    html = render_text(
        "{% day start end points now %}", start=start, end=start + timedelta(hours=8), points=points, now=start
    )
    assert 'class="soon" x="25.00%"' in html
    assert tags(html, "svg")[0]["aria-label"] == "发文截止，1 件待盖章"


def test_the_pager_keeps_the_filter_and_marks_the_page() -> None:
    page = Paginator(range(30), 14).page(2)
    html = render_text("{% pager page %}", path="/inbox/?state=new&page=2", page=page)
    assert "第 15–28 件，共 30 件" in words(html)
    assert [link["href"] for link in tags(html, "a")] == [
        "?state=new&page=1",
        "?state=new&page=1",
        "?state=new&page=3",
        "?state=new&page=3",
    ]
    assert tags(html, "b")[0]["aria-current"] == "page"


def test_a_batch_with_one_failure_is_an_alert_that_names_it() -> None:
    failed = [{"label": "江公〔2008〕240号", "why": "完整性校验没有通过"}]
    result = {"verb": "批量签收", "done": 3, "at": timezone.now(), "failed": failed}
    html = render("yc/parts/batch_result.html", result=result)
    assert 'role="alert"' in html and "3 件成功，1 件没有成功" in words(html) and "240号" in html


def test_the_navigation_marks_where_one_is_and_counts_what_waits() -> None:
    child = {"label": "收文箱", "url": "/inbox/", "count": 9, "hot": True, "active": True}
    nav = [
        {"label": "收文", "icon": "inbox", "url": "/inbox/", "active": True, "count": 9, "children": [child]},
        {"label": "发文", "icon": "send", "url": "/outbox/", "count": 3},
    ]
    html = render("yc/nav.html", nav=nav)
    assert [link["href"] for link in tags(html, "a") if link.get("aria-current") == "page"] == ["/inbox/"]
    assert "3 件待办" in html


def test_the_strip_offers_its_three_states_and_hides_those_that_are_not_so() -> None:
    newest = {"unit": "市府办公室", "number": "江府办〔2008〕44号", "at": timezone.now()}
    html = render("yc/arrive.html", arrive={"count": 3, "newest": newest, "sign_url": "/inbox/"})
    parts = {attrs["data-arrive-when"]: "hidden" in attrs for attrs in tags(html) if "data-arrive-when" in attrs}
    assert parts == {"ringing": False, "muted": True, "blocked": True}
    assert 'data-unsigned="3"' in html and "江府办〔2008〕44号" in html


def test_with_nothing_unsigned_the_strip_is_silent() -> None:
    html = render("yc/arrive.html", arrive={"count": 0})
    assert 'data-unsigned="0"' in html and "有新公文" not in html
