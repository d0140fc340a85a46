"""Every page of every sample: what Chromium makes of its SVG and PDFium of its PDF is the same picture."""

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from support.gongwen import font_set
from support.pages import chromium
from support.pdfs import difference
from yichuan.lib.gongwen.font_roles import resolver
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper import ofd_to_pdf
from yichuan.lib.ofd.paper.picture import pdf_page_to_png
from yichuan.lib.ofd.svg import Renderer

pytestmark = [pytest.mark.samples, pytest.mark.e2e]
DPI = 96
MOST = 0.015
"""Of all pixels. Hair lines differ (PDFium draws them a pixel wide), and letters of stand-ins that PDF squeezes."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield running.new_page()
        running.close()


def test_two_drawers_agree_on_every_page_of_every_sample(samples: Path, browser: Page) -> None:
    fonts = resolver(font_set())
    apart: dict[str, float] = {}
    for path in sorted((samples / "ofd").glob("*.ofd")):
        opened = partial(Package.open, path.read_bytes())
        try:
            renderer = Renderer(opened(), fonts=fonts)
        except OfdError:
            continue
        pdf = ofd_to_pdf(opened(), fonts=fonts, printing=True)
        for page in renderer.document.pages:
            browser.set_viewport_size(
                {"width": round(page.width_mm / 25.4 * DPI), "height": round(page.height_mm / 25.4 * DPI)}
            )
            browser.set_content(f"<body style='margin:0'>{renderer.page(page.index, text='paths')}</body>")
            one = Image.open(io.BytesIO(browser.screenshot())).convert("RGB")
            two = Image.open(io.BytesIO(pdf_page_to_png(pdf, page.index, dpi=DPI)))
            if (share := difference(one, two)) > MOST:
                apart[f"{path.name} page {page.index + 1}"] = round(share, 4)
    assert apart == {}
