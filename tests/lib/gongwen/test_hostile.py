"""Text that tries to command the typesetter, text it cannot show, and many documents at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.gongwen import document, font_set, page_text, paragraph, printed_lines, set_document
from support.sheets import letter, minutes, order
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.typeset import typeset

HOSTILE = [
    "#panic()",
    "$x$ *粗* _斜_ @ref",
    "\\#let a=1",
    "`raw` ```块```",
    "= 标题",
    "- 项",
    "//注 /*注*/",
    "<label> [内容] {代码}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_typesetting_commands_in_text_are_only_text(text: str):
    table = {"type": "table", "columns": [1, 1], "rows": [[text, "乙"]]}
    result = set_document(
        title=f"关于{text}的通知",
        recipients=text,
        body=[paragraph(text), table],
        attachments=[text],
        issuers=[text],
        note=text,
        copy_recipients=text,
        printer=text,
        annexes=[{"title": text, "body": [paragraph(text)]}],
    )
    shown = "".join(line.text for line in printed_lines(result.pdf)).replace(" ", "")
    assert shown.count(text.replace(" ", "")) >= 8


def test_a_character_that_no_font_has_is_named():
    with pytest.raises(GongwenError) as caught:
        set_document(body=[paragraph(), paragraph("笑脸😀")])
    assert (caught.value.code, caught.value.path) == ("missing_glyph", "$.body[1].text")
    assert "U+1F600" in str(caught.value)


def test_many_threads_set_their_own_documents():
    def title(number: int) -> bool:
        result = set_document(title=f"关于第{number}号事项的通知", body=[paragraph()] * number)
        return f"第{number}号事项" in page_text(result.pdf, 0)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(title, range(1, 17)))


ODD = st.text(
    alphabet="一二三，。、（）《》“”——…08年aW %:$#*_@\\`~<>[]{}/=-+'\"珺℃①　", min_size=1, max_size=60
).filter(str.strip)


@settings(max_examples=40, deadline=None)
@given(ODD, ODD, ODD, st.lists(ODD, min_size=1, max_size=3), st.sampled_from([None, 30, 45, 60]))
def test_any_printable_text_is_set_and_none_of_it_is_lost(
    title: str, text: str, cell: str, names: list[str], seal: float | None
):
    table = {"type": "table", "columns": [1, 3], "rows": [[cell, text[:5]]]}
    blocks = [paragraph(text), {"type": "heading", "level": 2, "text": title}, table]
    # What has one line and no other is at most as long as that line.
    issuers = [name[:28].strip() or "市府办" for name in names]
    changes = {
        "issuer_mark": title[:30].strip() or "市府办",
        "title": title,
        "recipients": text,
        "body": blocks,
        "attachments": names,
    }
    obj = document(**changes, issuers=issuers, note=text, annexes=[{"title": cell, "body": blocks}], signers=names[:1])
    obj["signers"] = [name[:11].strip() or "张三" for name in obj["signers"]]
    result = typeset(Gongwen.from_json(obj | {"seal_diameter_mm": seal}), font_set())
    assert len(result.seal_positions) == (0 if seal is None else len(names))
    shown = "".join(line.text for line in printed_lines(result.pdf))
    for char in set(text) - set(" 　"):
        assert char in shown, char


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([letter, order, minutes]), ODD, ODD, ODD)
def test_any_printable_text_in_any_form_is_set_whole_or_refused_by_name(
    make: Callable[..., dict[str, Any]], name: str, text: str, title: str
):
    changes = {"issuer_mark": name, "issuers": [name], "title": title, "body": [paragraph(text)], "note": text}
    if make is order:
        changes |= {"issuer_mark": name + "令"}
        changes |= {"signatures": [{"post": name, "name": title[:20].strip() or "张三"}]}
    if make is minutes:
        changes |= {"issuer_mark": name + "纪要"}
        changes |= {"present": text, "observers": title}
    if make is letter:
        changes |= {"recipients": text, "copy_recipients": title}
    try:
        result = typeset(Gongwen.from_json(make(**changes)), font_set())
    except GongwenError as error:
        assert error.code in ("too_long", "not_of_form"), error
        return
    shown = "".join(line.text for line in printed_lines(result.pdf))
    for char in set(text + title) - set(" 　"):
        assert char in shown, char


@pytest.mark.parametrize("junk", [{}, [], "x", None, 1e400, -1, True, {"type": "paragraph"}, [[]], "\ud800"])
def test_junk_in_any_field_is_refused_or_taken_but_never_crashes(junk: object):
    for obj in (document(), letter(), order(), minutes(), order(signature_stamp_mm=[40, 16])):
        for name in (*obj, "form"):
            with suppress(GongwenError):
                Gongwen.from_json(obj | {name: junk})
