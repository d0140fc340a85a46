"""`yichuan render`: pages of an OFD as SVG, PNG or PDF. Needs no centre, no database and no network."""

from pathlib import Path

import click

from yichuan.cli.files import FILE, OUT, font_set, write
from yichuan.lib.gongwen.errors import FontsMissing
from yichuan.lib.gongwen.font_roles import resolver
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper import ofd_to_pdf, page_to_png
from yichuan.lib.ofd.scene.fonts import FontResolver
from yichuan.lib.ofd.svg import page_to_svg


@click.command()
@click.argument("document", metavar="FILE", type=FILE)
@click.option("--to", "form", type=click.Choice(["pdf", "png", "svg"]), help="Told by OUT's ending when left out.")
@click.option("--page", type=click.IntRange(min=1), help="One page, from 1; PDF: all pages when left out, else page 1.")
@click.option("--dpi", type=click.IntRange(10, 1200), default=150, show_default=True, help="Fineness of a PNG.")
@click.option("-o", "--output", metavar="OUT", required=True, type=OUT, help="Write the drawing here.")
def render(document: Path, form: str | None, page: int | None, dpi: int, output: Path) -> None:
    """Draw FILE, an OFD, with its fonts and seals. A seal that is drawn is not thereby verified."""
    form = form or output.suffix.lower().removeprefix(".")
    index = (page or 1) - 1
    fonts, without = _fonts()
    try:
        package = Package.open(document.read_bytes())
        _check_page(package, index)
        match form:
            case "pdf":
                data = ofd_to_pdf(package, pages=None if page is None else [index], fonts=fonts)
            case "png":
                data = page_to_png(package, index, dpi=dpi, fonts=fonts)
            case "svg":
                data = page_to_svg(package, index).encode("utf-8")
            case _:
                raise click.UsageError(f"--to pdf, png or svg? {output.name} does not tell")
    except OfdError as error:
        raise click.ClickException(f"{document}: {error.code}: {error}") from error
    write(output, data)
    for note in package.notes:
        click.echo(f"{document}: {note.code}: {note.message}", err=True)
    if without and any(note.code in ("font_missing", "glyph_missing") for note in package.notes):
        click.echo(f"{document}: no stand-ins for missing fonts: {without}", err=True)


def _check_page(package: Package, index: int) -> None:
    count = len(read_document(package).pages)
    if index >= count:
        raise OfdError("page_missing", f"page {index + 1} was asked for, the last one is {count}")


def _fonts() -> tuple[FontResolver | None, str]:
    """Stand-ins for fonts that the document does not carry; without a set-up there are none, and why."""
    try:
        return resolver(font_set()), ""
    except FontsMissing as error:
        return None, error.message
