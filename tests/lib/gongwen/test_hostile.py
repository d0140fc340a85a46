"""Text that tries to command the typesetter, text it cannot show, and many documents at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from support.gongwen import page_text, paragraph, printed_lines, set_document
from yichuan.lib.gongwen.errors import GongwenError

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
