"""What is fuzzed: one function a parser. A target may raise the documented errors of lib and nothing else."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from fuzz import device, seeds
from yichuan.lib.ceb import CebError, read_ceb_header
from yichuan.lib.evidence import verify_evidence
from yichuan.lib.gm import x509
from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PrivateKey, PublicKey
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.reading.docx import read_docx
from yichuan.lib.gongwen.reading.result import ReadingError, ReadingLimits
from yichuan.lib.gongwen.reading.txt import read_txt
from yichuan.lib.gongwen.scan import clean_scan
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.limits import MIB, Limits
from yichuan.lib.ofd.model import DocumentInfo, read_document
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper.pages import ofd_to_pdf
from yichuan.lib.ofd.pathdata import svg_path
from yichuan.lib.ofd.svg import Renderer
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.pdf.verifying import verify as verify_pdf
from yichuan.lib.print_code import read_print_code
from yichuan.lib.qr import QrError, read_here
from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.model import parse_seal, parse_signature
from yichuan.lib.ses.status_list import parse_status_list
from yichuan.lib.ses.time_stamp import read_time_stamp

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KNOWN_ERRORS = (OfdError, SesError, GmError, GongwenError, ReadingError, CebError, QrError)
LIMITS = Limits(package_bytes=8 * MIB, entry_bytes=8 * MIB, total_bytes=16 * MIB, xml_bytes=2 * MIB)
_PAGES = 3


@dataclass(frozen=True)
class Target:
    """A parser, where its seeds come from, and the container its inputs are: "package", "pdf", "picture" or none."""

    run: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    form: str = ""


def package(data: bytes) -> None:
    """Open a package, read every entry and the document."""
    opened = Package.open(data, LIMITS)
    for name in opened.names():
        try:
            opened.read(name)
            opened.xml(name)
        except OfdError:
            continue
    read_document(opened)


def draw(data: bytes) -> None:
    """Draw pages as text and as outlines."""
    renderer = Renderer(Package.open(data, LIMITS), most_objects=20_000)
    for index in range(min(len(renderer.document.pages), _PAGES)):
        renderer.page(index)
        renderer.page(index, text="paths")


def paper(data: bytes) -> None:
    """Draw pages as PDF."""
    opened = Package.open(data, LIMITS)
    ofd_to_pdf(opened, pages=range(min(len(read_document(opened).pages), _PAGES)))


def verify_ofd(data: bytes) -> None:
    """Verify a document; the report is written out."""
    json.dumps(verify(data, trust=[], at=NOW).to_json())


def verify_signed_pdf(data: bytes) -> None:
    """Verify a PDF; the report is written out."""
    json.dumps(verify_pdf(data, trust=[], at=NOW).to_json())


def seal(data: bytes) -> None:
    """Read a seal."""
    parse_seal(data)


def signature(data: bytes) -> None:
    """Read a signature value."""
    parse_signature(data)


def stamp(data: bytes) -> None:
    """Read a time stamp; answer a request for one."""
    try:
        read_time_stamp(data)
    except SesError:
        seeds.authority().respond(data, NOW)


def certificate(data: bytes) -> None:
    """Read certificates, and a revocation list."""
    try:
        found = x509.load_certificates(data)
        x509.validate_path(found[0], intermediates=found[1:], trust=[], at=NOW, usage=x509.Usage.SIGNATURE)
    except GmError:
        Crl.from_der(data)


def key(data: bytes) -> None:
    """Read keys."""
    try:
        PublicKey.from_der(data)
    except GmError:
        PrivateKey.from_der(data)


def pdf(data: bytes) -> None:
    """Turn a PDF into an OFD."""
    pdf_to_ofd(data, info=DocumentInfo(title="题"))


def docx(data: bytes) -> None:
    """Read a DOCX into the content model."""
    read_docx(data, ReadingLimits())


def txt(data: bytes) -> None:
    """Read plain text into the content model."""
    read_txt(data, ReadingLimits())


def ceb(data: bytes) -> None:
    """Recognise a CEB."""
    read_ceb_header(data)


def path(data: bytes) -> None:
    """Read AbbreviatedData."""
    svg_path(data.decode("utf-8", "replace"))


def scan(data: bytes) -> None:
    """Clean the scan of an imprint; the picture is written out."""
    clean_scan(data, diameter_mm=42.0).ofd()


def status_list(data: bytes) -> None:
    """Read a status list and ask who signed it."""
    parse_status_list(data).believed(trust=[], at=NOW)


def evidence(data: bytes) -> None:
    """Verify an evidence package; what is found is written out."""
    json.dumps(verify_evidence(data, trust=[], at=NOW).to_json())


def print_code(data: bytes) -> None:
    """Read the text of a printed copy's code."""
    read_print_code(data.decode("utf-8", "replace"), seeds.code_key())


def qr(data: bytes) -> None:
    """Find the codes in a picture, and read each as a printed copy's."""
    for text in read_here(data):
        read_print_code(text, seeds.code_key())


def content(data: bytes) -> None:
    """Read a content model; what is accepted must survive being written and read again."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    read = Gongwen.from_json(value)
    if Gongwen.from_json(read.to_json()) != read:
        raise AssertionError("a content model changed when written and read again")


TARGETS: dict[str, Target] = {
    "package": Target(package, seeds.ofd, form="package"),
    "draw": Target(draw, seeds.ofd, form="package"),
    "verify": Target(verify_ofd, seeds.signed_ofd, form="package"),
    "paper": Target(paper, seeds.ofd, form="package"),
    "verify-pdf": Target(verify_signed_pdf, seeds.signed_pdf, form="pdf"),
    "stamp": Target(stamp, seeds.stamps),
    "docx": Target(docx, seeds.docx, form="package"),
    "txt": Target(txt, seeds.txt),
    "ceb": Target(ceb, seeds.ceb),
    "seal": Target(seal, seeds.seal_files),
    "signature": Target(signature, seeds.signatures),
    "status-list": Target(status_list, seeds.status_lists),
    "print-code": Target(print_code, seeds.print_codes),
    "qr": Target(qr, seeds.pictures_of_codes, form="picture"),
    "evidence": Target(evidence, seeds.evidence, form="package"),
    "certificate": Target(certificate, seeds.certificates),
    "key": Target(key, seeds.keys),
    "pdf": Target(pdf, seeds.pdf, form="pdf"),
    "path": Target(path, seeds.paths),
    "content": Target(content, seeds.contents),
    "device": Target(device.run, device.seeds),
    "scan": Target(scan, seeds.scans_of_imprints, form="picture"),
}
