"""The text of our files, and of foreign ones, read by ofdkit, another reader, and by ours."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import ofdkit
import pytest

from support import ofd as small
from support.gongwen import set_document
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.words import page_words

SAMPLES = Path(os.environ.get("YICHUAN_SAMPLES") or Path(__file__).resolve().parents[3] / "shared" / "data") / "ofd"

BEYOND_THE_PAGE = {"text-circle"}
"""Files with text below the page's edge, which ofdkit leaves out."""


def letters(text: str) -> str:
    """Text as a bag of letters: readers may order the runs of a page differently."""
    return "".join(sorted("".join(text.split())))


def ours(data: bytes) -> str:
    """All words of a document by our reader."""
    return "".join(page_words(Package.open(data)))


@pytest.mark.parametrize("source", [small.NOTICE, small.DRAWN])
def test_another_reader_finds_the_text_we_wrote(source: str) -> None:
    data = small.converted(source)
    assert letters(ofdkit.extract_text(data)) == letters(ours(data))


def test_another_reader_finds_the_text_of_a_typeset_document() -> None:
    data = pdf_to_ofd(set_document().pdf, info=DocumentInfo(title="通知"))
    assert letters(ofdkit.extract_text(data)) == letters(ours(data))
    assert "江门市人民政府办公室" in ofdkit.extract_text(data).replace("\n", "")


@pytest.mark.samples
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.ofd")), ids=lambda path: path.stem)
def test_both_readers_find_the_same_text_in_a_foreign_file(path: Path) -> None:
    data = path.read_bytes()
    try:
        found = ours(data)
    except OfdError:
        pytest.skip("refused by name")
    theirs = letters(ofdkit.extract_text(data))
    if path.stem in BEYOND_THE_PAGE:
        assert not Counter(theirs) - Counter(found)
    else:
        assert letters(found) == theirs
