"""Commands on files: typeset, seal. They need no centre, no database and no network."""

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import click

from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Certificate, load_certificates
from yichuan.lib.gongwen.errors import FontsMissing, GongwenError
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.typeset import typeset as typeset_document
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.sealing import Edge, Protection, SeamSeal, Stamp, prepare_sealing
from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.seal import parse_seal

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
_AT = re.compile(r"^(\d+):(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$")


def font_set() -> FontSet:
    """The site's own fonts (`YICHUAN_FONTS`) before the set-up's cache."""
    cache = (
        os.environ.get("YICHUAN_FONT_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "yichuan/fonts"
    )
    site = os.environ.get("YICHUAN_FONTS")
    return FontSet.find(Path(site).expanduser() if site else None, Path(cache).expanduser())


def write(path: Path, data: bytes) -> None:
    """Write a result, or say why it cannot be written."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written: {error.strerror}") from error


def refused(error: OSError) -> str:
    """Why the system does not give out a file, in Chinese."""
    said = {FileNotFoundError: "没有这个文件", PermissionError: "没有读取的权限", IsADirectoryError: "这是文件夹"}
    return said.get(type(error), "系统读不出这个文件")


def certificates(path: Path, option: str) -> list[Certificate]:
    """The certificates of a file that `option` named, PEM or DER."""
    try:
        return load_certificates(path.read_bytes())
    except GmError as error:
        raise click.ClickException(f"{option} {path}: {error.code}: {error}") from error


@click.command()
@click.argument("document", type=FILE)
@click.option("--pdf", type=OUT, help="Write the PDF/A here.")
@click.option("--ofd", type=OUT, help="Write the OFD here.")
def typeset(document: Path, pdf: Path | None, ofd: Path | None) -> None:
    """Typeset DOCUMENT (JSON, docs/lib/gongwen.md) to GB/T 9704."""
    if pdf is None and ofd is None:
        raise click.UsageError("say where to write: --pdf OUT, --ofd OUT or both")
    try:
        content = Gongwen.from_json(json.loads(document.read_text(encoding="utf-8-sig")))
        result = typeset_document(content, font_set())
        info = DocumentInfo(
            title=content.one_line_title,
            author="、".join(content.issuers),
            created=datetime(content.date.year, content.date.month, content.date.day, tzinfo=UTC),
        )
        converted = pdf_to_ofd(result.pdf, info=info) if ofd else b""
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{document}: not JSON in UTF-8: {error}") from error
    except (GongwenError, FontsMissing, OfdError) as error:
        raise click.ClickException(f"{document}: {error}") from error
    if pdf:
        write(pdf, result.pdf)
    if ofd:
        write(ofd, converted)
    places = "; ".join(
        f"page {place.page_index + 1} at {place.centre_x_mm:.1f},{place.centre_y_mm:.1f} mm"
        for place in result.seal_positions
    )
    click.echo(f"{result.pages} pages; seal: {places or 'none'}")


@click.command()
@click.argument("source", metavar="IN.ofd", type=FILE)
@click.argument("target", metavar="OUT.ofd", type=OUT)
@click.option("--seal", "seal_file", required=True, type=FILE, help="The seal, an .esl file.")
@click.option("--key", required=True, type=FILE, help="The signer's SM2 key, PEM; its password is asked for.")
@click.option("--cert", required=True, type=FILE, help="The signer's certificate, PEM or DER.")
@click.option("--at", "places", multiple=True, metavar="PAGE:X,Y", help="The seal's centre, mm.")
@click.option(
    "--seam", type=click.Choice([each.value for each in Edge]), help="A seam seal over this edge of all pages."
)
@click.option("--whole", is_flag=True, help="Nobody can sign after this seal.")
def seal(
    source: Path,
    target: Path,
    seal_file: Path,
    key: Path,
    cert: Path,
    places: tuple[str, ...],
    seam: str | None,
    whole: bool,
) -> None:
    """Seal IN.ofd to GB/T 38540 and write OUT.ofd. PAGE counts from 1, X and Y from the page's top left."""
    stamps: list[Stamp | SeamSeal] = [_stamp(place) for place in places]
    if seam is not None:
        stamps.append(SeamSeal(Edge(seam)))
    if not stamps:
        raise click.UsageError("say where the seal goes: --at PAGE:X,Y, --seam EDGE or both")
    protection = Protection.WHOLE if whole else Protection.CONTINUE
    try:
        certificate = certificates(cert, "--cert")[0]
        private = _private_key(key)
        prepared = prepare_sealing(
            source.read_bytes(), parse_seal(seal_file.read_bytes()), stamps, protection=protection
        )
        waiting = prepared.for_signer(certificate, datetime.now(UTC))
        sealed = waiting.attach(private.sign(waiting.message)).data
    except (GmError, SesError, OfdError) as error:
        raise click.ClickException(f"{error.code}: {error}") from error
    write(target, sealed)
    click.echo(f"{target}: sealed with {len(stamps)} stamp(s)")


def _stamp(place: str) -> Stamp:
    found = _AT.match(place)
    if found is None or int(found[1]) < 1:
        raise click.UsageError(f"--at {place}: write PAGE:X,Y with the page from 1 and millimetres, as in 1:140,220")
    return Stamp(int(found[1]) - 1, float(found[2]), float(found[3]))


def _private_key(path: Path) -> PrivateKey:
    data = path.read_bytes()
    if b"ENCRYPTED" in data:
        return PrivateKey.from_pem(data, click.prompt("password of the key", hide_input=True, err=True).encode())
    return PrivateKey.from_pem(data)
