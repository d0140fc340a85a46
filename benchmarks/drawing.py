"""Drawing pages: our own documents, and the foreign ones when they are there."""

import hashlib
import os
from pathlib import Path

from benchmarks.measure import Figure, figure, rate
from benchmarks.papers import five_pages, office
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.svg import Renderer

_SAMPLES = Path(os.environ.get("YICHUAN_SAMPLES") or Path(__file__).resolve().parents[2] / "shared" / "data") / "ofd"


def figures() -> list[Figure]:
    """Pages a second, opening the package included; the reference is inflating and hashing the same package."""
    own = [office().sealed(five_pages(), 4)]
    found = [_pages_a_second("SVG, our documents", own)]
    foreign = [data for path in sorted(_SAMPLES.glob("*.ofd")) if _pages(data := path.read_bytes())]
    if foreign:
        found.append(_pages_a_second(f"SVG, {len(foreign)} foreign documents", foreign))
    return found


def _pages_a_second(name: str, documents: list[bytes]) -> Figure:
    pages = sum(map(_pages, documents))
    draws = rate(lambda: [_draw(each) for each in documents])
    reads = rate(lambda: [_read(each) for each in documents])
    return figure(name, pages * draws, "pages/s", "inflate and hash", pages * reads)


def _pages(data: bytes) -> int:
    try:
        return len(Renderer(Package.open(data)).document.pages)
    except OfdError:
        return 0


def _draw(data: bytes) -> None:
    renderer = Renderer(Package.open(data))
    for index in range(len(renderer.document.pages)):
        renderer.page(index)


def _read(data: bytes) -> None:
    package = Package.open(data)
    for name in package.names():
        hashlib.sha256(package.read(name)).digest()
