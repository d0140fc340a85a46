"""Our files in ofd.js 0.2.6, the reader that many offices' web pages use, in Chromium: text, places and seal."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from support import ofd as small
from support import seals
from support.gongwen import set_document
from support.ofd_js import shown
from support.sealing import signed, token_for
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import SeamSeal, Stamp, prepare_sealing, prepare_signing
from yichuan.lib.ofd.words import page_words
from yichuan.lib.ses.model import Picture

pytestmark = pytest.mark.e2e


def letters(text: str) -> str:
    """Text without its spaces."""
    return "".join(text.split())


def test_ofd_js_reads_the_text_of_every_page(browser: Browser) -> None:
    document = set_document()
    data = pdf_to_ofd(document.pdf, info=DocumentInfo(title="通知"))
    found = shown(browser, data)
    assert found["pages"] == document.pages
    for text, words in zip(found["text"], page_words(Package.open(data)), strict=True):
        assert sorted(letters(text)) == sorted(letters(words))


def test_ofd_js_reads_ligatures_and_mapped_glyphs(browser: Browser) -> None:
    data = small.converted(small.NOTICE)
    assert "各单位要加强组织领导，明确责任分工" in letters("".join(shown(browser, data)["text"]))


def test_ofd_js_shows_the_seal_in_its_place(browser: Browser) -> None:
    pki = seals.pki()
    seal = seals.make_seal(pki.maker, pki.unit, picture=Picture("png", seals.PNG, 45, 45))
    data = seals.sealed_ofd(seal=seal, stamps=[Stamp(0, 140.0, 200.0)])
    found = shown(browser, data)
    assert found["signatures"] == [True]
    ((x, y, width, height),) = found["seals"]
    assert (x, y, width, height) == pytest.approx((117.5, 177.5, 45, 45), abs=0.1)


def test_ofd_js_shows_every_strip_of_a_seam_and_passes_over_a_signature_without_seal(browser: Browser) -> None:
    document = signed(
        prepare_sealing(seals.small_ofd(3), seals.pki().seal, [SeamSeal(centre_mm=100)]), seals.pki().unit
    )
    stamped = document.stamped(token_for(document))
    found = shown(browser, signed(prepare_signing(stamped.data), seals.pki().unit).data)
    assert found["signatures"] == [True, True, True]
    assert [place[0] for place in found["seals"]] == pytest.approx([195, 180, 165], abs=0.1)
    assert {round(place[1]) for place in found["seals"]} == {round(100 - 22.5)}
