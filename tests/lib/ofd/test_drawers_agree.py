"""Every page of every sample: what Chromium makes of its SVG and PDFium of its PDF is the same picture."""

import io
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from support.gongwen import font_set
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


def test_two_drawers_agree_on_every_page_of_every_sample(samples: Path, browser: Browser) -> None:
    fonts = resolver(font_set())
    screen = browser.new_page()
    apart: dict[str, float] = {}
    for path in sorted((samples / "ofd").glob("*.ofd")):
        opened = partial(Package.open, path.read_bytes())
        try:
            renderer = Renderer(opened(), fonts=fonts)
        except OfdError:
            continue
        pdf = ofd_to_pdf(opened(), fonts=fonts, printing=True)
        for page in renderer.document.pages:
            screen.set_viewport_size(
                {"width": round(page.width_mm / 25.4 * DPI), "height": round(page.height_mm / 25.4 * DPI)}
            )
            screen.set_content(f"<body style='margin:0'>{renderer.page(page.index, text='paths')}</body>")
            one = Image.open(io.BytesIO(screen.screenshot())).convert("RGB")
            two = Image.open(io.BytesIO(pdf_page_to_png(pdf, page.index, dpi=DPI)))
            if (share := difference(one, two)) > MOST:
                apart[f"{path.name} page {page.index + 1}"] = round(share, 4)
    assert apart == {}
