"""Every sample as PDF: all its pages, and its text."""

import unicodedata
from pathlib import Path

import pypdfium2
import pytest

from support.gongwen import font_set
from support.paper import said
from yichuan.lib.gongwen.font_roles import resolver
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper import ofd_to_pdf
from yichuan.lib.ofd.words import page_words

pytestmark = pytest.mark.samples
REFUSED = {"broken-docroot.ofd": "no_document"}
UNSAID = {"foxit-8p.ofd page 8": "暋"}
"""A blank glyph that stands alone, which PDFium does not report."""


def test_every_sample_becomes_a_pdf_or_is_refused_by_name(samples: Path) -> None:
    fonts = resolver(font_set())
    for path in sorted((samples / "ofd").glob("*.ofd")):
        try:
            package = Package.open(path.read_bytes())
            pdf = ofd_to_pdf(package, fonts=fonts)
        except OfdError as error:
            assert REFUSED[path.name] == error.code
            continue
        document = pypdfium2.PdfDocument(pdf)
        try:
            assert [page.get_size() for page in document] == [
                (
                    pytest.approx(page.width_mm / 25.4 * 72, abs=0.01),
                    pytest.approx(page.height_mm / 25.4 * 72, abs=0.01),
                )
                for page in read_document(package).pages
            ], path.name
        finally:
            document.close()
        assert path.name not in REFUSED


def _letters(words: str) -> list[str]:
    """What can be compared whatever the order: marks of other orders of writing, blanks and joined forms aside."""
    return sorted(char for char in unicodedata.normalize("NFKC", words) if not char.isspace() and char.isprintable())


def test_the_text_of_every_sample_is_found_in_its_pdf(samples: Path) -> None:
    fonts = resolver(font_set())
    missing: dict[str, str] = {}
    for path in sorted((samples / "ofd").glob("*.ofd")):
        if path.name in REFUSED:
            continue
        package = Package.open(path.read_bytes())
        pdf = ofd_to_pdf(package, fonts=fonts, stamps=False)
        for index, words in enumerate(page_words(package)):
            found = _letters(said(pdf, index))
            lost = _letters(words)
            for char in found:
                if char in lost:
                    lost.remove(char)
            if lost:
                missing[f"{path.name} page {index + 1}"] = "".join(lost)
    assert missing == UNSAID
