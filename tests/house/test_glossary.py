"""One Chinese term, one English name."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


def rows() -> list[list[str]]:
    lines = [line for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "Chinese" not in line]


def test_each_chinese_term_and_each_english_name_stands_once() -> None:
    assert len(rows()) > 120
    for column in (0, 1):
        words = [re.sub(r"（.*?）| \(.*?\)", "", row[column]) for row in rows()]
        assert [word for word, count in Counter(words).items() if count > 1] == []


def test_every_row_says_its_name_in_the_code_or_that_it_has_none() -> None:
    for row in rows():
        assert len(row) == 3, row
        assert row[2] == "–" or re.search(r"`\w+`", row[2]), row
