"""`make contact`: every page of every sample on sheets to be looked at, in `benchmarks/out/contact/`.

Samples are the OFD files in the folder that YICHUAN_SAMPLES names, else in ../shared/data beside the repository. Pages
are drawn through PDF, with stand-ins for fonts that a document does not carry.
"""

import html
import io
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from yichuan.cli.files import font_set
from yichuan.lib.gongwen.font_roles import resolver
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper import ofd_to_pdf
from yichuan.lib.ofd.scene.fonts import FontResolver

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
OUT = Path(__file__).with_name("out") / "contact"
_COLUMNS, _ROWS = 4, 2
_CELL, _LABEL, _GAP = (620, 877), 18, 8
_DPI = 75


@dataclass(frozen=True)
class Drawn:
    """A page as it was drawn: its label, its picture (None when the file was refused) and what was noted."""

    label: str
    picture: Image.Image | None
    notes: tuple[str, ...]


def main() -> None:
    """Draw everything and say where it lies."""
    folder = Path(os.environ.get("YICHUAN_SAMPLES") or BESIDE)
    files = sorted(folder.rglob("*.ofd"))
    if not files:
        sys.exit(f"no OFD files in {folder}; YICHUAN_SAMPLES names another folder")
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    fonts = resolver(font_set())
    said: list[str] = []
    waiting: list[Drawn] = []
    sheets = 0
    for path in files:
        for drawn in _pages(path, fonts):
            notes = "; ".join(drawn.notes) if drawn.picture is None or drawn.label.endswith(" 1") else ""
            said.append(f"<tr><td>{html.escape(drawn.label)}<td>{html.escape(notes)}")
            if drawn.picture is not None:
                waiting.append(drawn)
            if len(waiting) == _COLUMNS * _ROWS:
                sheets = _sheet(waiting, sheets)
                waiting = []
    if waiting:
        sheets = _sheet(waiting, sheets)
    pictures = "".join(f'<p><img src="{number:02}.png" alt="">' for number in range(1, sheets + 1))
    (OUT / "index.html").write_text(
        f'<!doctype html><meta charset="utf-8"><title>Contact sheet</title>{pictures}<table>{"".join(said)}</table>',
        encoding="utf-8",
    )
    print(f"{len(said)} pages of {len(files)} files on {sheets} sheets: {OUT}/index.html")


def _pages(path: Path, fonts: FontResolver) -> Iterator[Drawn]:
    try:
        package = Package.open(path.read_bytes())
        pdf = ofd_to_pdf(package, fonts=fonts)
    except OfdError as error:
        yield Drawn(path.stem, None, (f"refused: {error.code}: {error.message}",))
        return
    notes = tuple(f"{note.code}: {note.message}" for note in package.notes)
    document = pypdfium2.PdfDocument(pdf)
    try:
        for index in range(len(document)):
            picture = document[index].render(scale=_DPI / 72).to_pil().convert("RGB")
            yield Drawn(f"{path.stem} {index + 1}", picture, notes)
    finally:
        document.close()


def _sheet(pages: list[Drawn], before: int) -> int:
    width, height = (_CELL[0] + _GAP) * _COLUMNS, (_CELL[1] + _LABEL + _GAP) * _ROWS
    sheet = Image.new("RGB", (width, height), "#777777")
    pen = ImageDraw.Draw(sheet)
    for place, drawn in enumerate(pages):
        x = place % _COLUMNS * (_CELL[0] + _GAP)
        y = place // _COLUMNS * (_CELL[1] + _LABEL + _GAP)
        pen.text((x + 4, y + 3), drawn.label, fill="#ffffff")
        if drawn.picture is not None:
            drawn.picture.thumbnail(_CELL)
            sheet.paste(drawn.picture, (x, y + _LABEL))
    out = io.BytesIO()
    sheet.save(out, "PNG", compress_level=3)
    (OUT / f"{before + 1:02}.png").write_bytes(out.getvalue())
    return before + 1


if __name__ == "__main__":
    main()
