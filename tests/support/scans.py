"""Scans and photos of brass seals as offices send them: an imprint drawn by the rules, put on paper, and worn down."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from PIL import Image, ImageFilter

from support.gongwen import font_set
from yichuan.lib.gongwen.imprint import draw_imprint
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper.picture import page_to_png

NAME = "江门市环境保护局"


@cache
def drawn(name: str = NAME, diameter_mm: float = 42.0, bottom: str = "") -> Image.Image:
    """An imprint at 1200 dpi, red on white."""
    imprint = draw_imprint(name, diameter_mm=diameter_mm, font=font_set(), bottom=bottom)
    return Image.open(io.BytesIO(page_to_png(Package.open(imprint.ofd()), 0, dpi=1200))).convert("RGB")


def scan(
    *,
    turned: float = 0.0,
    dpi: int = 300,
    noise: float = 6.0,
    shadow: float = 0.0,
    faded: float = 0.0,
    print_over: bool = False,
    squeezed: float = 1.0,
    blind_dpi: bool = False,
    paper: tuple[int, int, int] = (244, 241, 232),
    size_mm: tuple[float, float] = (80.0, 70.0),
    form: str = "JPEG",
    seed: int = 1,
    imprint: Image.Image | None = None,
) -> bytes:
    """The file of a scan.

    :param turned: degrees clockwise by which the imprint stands askew.
    :param shadow: how much darker the right edge is than the left, 0 to 1.
    :param faded: share of the ink that did not take, in blotches.
    :param print_over: black lines of text run through the imprint.
    :param squeezed: height to width, as in a photo from aslant.
    :param blind_dpi: the file does not state its resolution.
    """
    chance = np.random.default_rng(seed)
    imprint = imprint or drawn()
    scale = dpi / 1200
    small = imprint.resize((round(imprint.width * scale), round(imprint.height * scale)), Image.Resampling.LANCZOS)
    width, height = (round(each / 25.4 * dpi) for each in size_mm)
    sheet = Image.new("RGB", (width, height), "white")
    at = ((width - small.width) // 2 + 7, (height - small.height) // 2 - 5)
    sheet.paste(small, at)
    sheet = sheet.rotate(-turned, Image.Resampling.BICUBIC, fillcolor="white")
    if squeezed != 1.0:
        sheet = sheet.resize((width, round(height * squeezed)), Image.Resampling.LANCZOS)
        height = sheet.height
    ink = 1 - np.asarray(sheet).astype(float)[..., 1] / 255
    if faded:
        grain = Image.fromarray((chance.random((height // 6 + 1, width // 6 + 1)) * 255).astype(np.uint8))
        blotches = np.asarray(grain.resize((width, height), Image.Resampling.BICUBIC)) / 255
        ink = ink * np.clip((blotches - faded) / 0.15, 0.15, 1)
    colour = np.array([206, 40, 48])
    fibres = np.asarray(
        Image.fromarray((chance.random((height, width)) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(3))
    )
    ground = np.array(paper) * (1 + (fibres[..., None] - 127) / 127 * 0.02)
    pixels = ground * (1 - 0.92 * ink[..., None]) + 0.92 * ink[..., None] * colour
    if print_over:
        for top in range(height // 3, 2 * height // 3, max(8, dpi // 6)):
            pixels[top : top + max(1, dpi // 50), width // 5 : 4 * width // 5] = 40
    pixels *= np.linspace(1, 1 - shadow, width)[None, :, None]
    pixels += chance.normal(0, noise, pixels.shape)
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    written = io.BytesIO()
    image.save(written, form, **({} if blind_dpi else {"dpi": (dpi, dpi)}))
    return written.getvalue()


def on_a_page(scanned: bytes) -> bytes:
    """The scan amid a whole page of its paper: drawing all of that by the grain takes a quarter of a minute."""
    scanned_part = Image.open(io.BytesIO(scanned))
    dpi = round(scanned_part.info["dpi"][0])
    width, height = (round(each / 25.4 * dpi) for each in (210, 297))
    bare = scanned_part.crop((0, 0, scanned_part.width, dpi // 4))
    page = Image.new("RGB", (width, height))
    for top in range(0, height, bare.height):
        for left in range(0, width, bare.width):
            page.paste(bare, (left, top))
    page.paste(scanned_part, ((width - scanned_part.width) // 2, (height - scanned_part.height) // 2))
    written = io.BytesIO()
    page.save(written, "JPEG", dpi=(dpi, dpi))
    return written.getvalue()
