"""A camera that Chromium believes in: a film of what somebody holds before it, and browsers with and without one."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser

from support.chromium import FLAGS, chromium

WIDTH, HEIGHT = 1280, 720
_FRAMES_A_SECOND = 5
_CORNER_MM = (28.0, 24.0, 20.0)  # from the left edge, from the foot of a first page, and around it what a hand leaves


def corner(pdf: bytes, *, turned: float = 4.0) -> Image.Image:
    """The foot of a print's first page, where its code stands, as a telephone sees it: a little turned, not sharp."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0].render(scale=200 / 72).to_pil().convert("L")
    finally:
        document.close()
    mm = page.width / 210
    left, up, around = (each * mm for each in _CORNER_MM)
    cut = page.crop((round(left - around), round(page.height - up - around), round(left + up + around), page.height))
    cut = cut.rotate(turned, fillcolor=225, expand=True, resample=Image.Resampling.BICUBIC)
    cut.thumbnail((WIDTH, HEIGHT))
    seen = Image.new("L", (WIDTH, HEIGHT), 225)
    seen.paste(cut, ((WIDTH - cut.width) // 2, (HEIGHT - cut.height) // 2))
    return seen


def film(path: Path, *pictures: Image.Image, each: int = 5) -> Path:
    """The pictures one after the other, `each` frames long, as raw video (YUV4MPEG2, grey). Chromium loops it."""
    out = BytesIO(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{_FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
    out.seek(0, 2)
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    for picture in pictures:
        for _ in range(each):
            out.write(b"FRAME\n" + picture.convert("L").tobytes() + grey)
    path.write_bytes(out.getvalue())
    return path


def blank() -> Image.Image:
    """A desk with nothing on it."""
    return Image.new("L", (WIDTH, HEIGHT), 190)


def with_camera(browser: Browser, showing: Path | None, *, allowed: bool = True) -> Browser:
    """Another browser of the same kind, whose camera shows this film (None: there is no camera) and whose user allows
    its use or does not."""
    asked = "--use-fake-ui-for-media-stream" + ("" if allowed else "=deny")
    device = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={showing}"]
    flags = [*FLAGS, asked, *(device if showing else [])]
    return browser.browser_type.launch(executable_path=chromium(), args=flags)
