"""ofd.js, the reader that many offices' web pages use, in Chromium."""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

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
    """What ofd.js makes of a document, `pictures` a PNG a page, 210 mm wide; an error of its own fails the test."""
    page = browser.new_page(viewport={"width": 900, "height": 1200})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content("<!doctype html><meta charset=utf-8><body style='margin:0'>")
    for name in ("vue.min.js", "ofd.umd.min.js"):
        page.add_script_tag(path=PEERS / name)
    found: dict[str, Any] = page.evaluate(SHOW, base64.b64encode(data).decode())
    found["pictures"] = [each.screenshot() for each in page.locator("body > div").all()]
    page.close()
    assert faults == []
    return found
