"""Our files in ofd.js 0.2.6, the reader that many offices' web pages use, in Chromium: text, places and seal."""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from support import ofd as small
from support import seals
from support.gongwen import set_document
from support.sealing import signed, token_for
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import SeamSeal, Stamp, prepare_sealing, prepare_signing
from yichuan.lib.ofd.words import page_words
from yichuan.lib.ses.model import Picture

pytestmark = pytest.mark.e2e

PEERS = Path(sys.prefix) / "peers"
SHOW = """async (data) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const parsed = await new Promise((good, bad) =>
    window.ofd.parseOfdDocument({ofd: new File([bytes], 'x.ofd'), success: good, fail: bad}));
  const pages = window.ofd.renderOfd(794, parsed[0]);
  pages.forEach((page) => document.body.appendChild(page));
  const seals = [...document.querySelectorAll('[name=seal_img_div]')];
  const place = (element, page) => {
    const [inner, outer] = [element.getBoundingClientRect(), page.getBoundingClientRect()];
    return [inner.x - outer.x, inner.y - outer.y, inner.width, inner.height].map((each) => each * 210 / outer.width);
  };
  return {
    pages: pages.length,
    text: pages.map((page) => [...page.querySelectorAll('text')].map((each) => each.textContent).join('')),
    seals: seals.map((seal) => place(seal, pages.find((page) => page.contains(seal)))),
    signatures: seals.map((seal) => JSON.parse(seal.dataset.sesSignature || 'null') !== null),
  };
}"""


def shown(browser: Browser, data: bytes) -> dict[str, Any]:
    """What ofd.js makes of a document; an error of its own fails the test."""
    page = browser.new_page(viewport={"width": 900, "height": 1200})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content("<!doctype html><meta charset=utf-8><body style='margin:0'>")
    for name in ("vue.min.js", "ofd.umd.min.js"):
        page.add_script_tag(path=PEERS / name)
    found: dict[str, Any] = page.evaluate(SHOW, base64.b64encode(data).decode())
    page.close()
    assert faults == []
    return found


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
