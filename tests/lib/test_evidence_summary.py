"""The page in a package: readable without anything else, and no word in it is ever markup."""

import re

from yichuan.lib.evidence import Table, summary_page

HOSTILE = "<script>alert(1)</script>\"'&\N{RIGHT-TO-LEFT OVERRIDE}<img src=http://x/ onerror=a>"


def test_it_says_what_it_is_given_and_what_there_is_none_of() -> None:
    page = summary_page(
        "证据包", [("文号", "江府办〔2008〕44号")], [Table("回执", ("种类",), [], "没有回执。")], ["附注"]
    )
    said = page.decode()
    for word in ("<h1>证据包</h1>", "<dd>江府办〔2008〕44号</dd>", "没有回执。", "<p>附注</p>"):
        assert word in said


def test_hostile_words_stay_words_wherever_they_stand() -> None:
    table = Table(HOSTILE, (HOSTILE,), [(HOSTILE,)], HOSTILE)
    empty = Table(HOSTILE, (HOSTILE,), [], HOSTILE)
    said = summary_page(HOSTILE, [(HOSTILE, HOSTILE)], [table, empty], [HOSTILE]).decode()
    tags = set(re.findall(r"<(/?[a-z0-9]+)", said))
    assert {tag.lstrip("/") for tag in tags} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "dl", "dt", "dd", "p",
        "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert said.count("&lt;script&gt;") == 10
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in said


def test_it_asks_nobody_for_anything_and_forbids_it_besides() -> None:
    said = summary_page("证据包", [], [], []).decode()
    assert "default-src &#x27;none&#x27;" in said
    assert not re.search(r"\b(src|href|url|import|on[a-z]+)\s*[=(]", said)
