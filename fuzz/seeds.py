"""Where fuzzing starts: the foreign files when they are there, and some of our own making, so that it always can."""

import json
import os
import zipfile
from datetime import timedelta
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import segno
from asn1crypto.algos import DSASignature
from PIL import Image

from support import drafts, gongwen, other_seals, scans, seals
from support import evidence as packages
from support import ofd as small
from support import pdf as pdfs
from yichuan.lib.gm.crl import make_crl
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.print_code import write_signature
from yichuan.lib.ses.status_list import Entry, Status, make_status_list
from yichuan.lib.ses.time_stamp_request import ask_time_stamp
from yichuan.lib.ses.tsa import TimeStampAuthority

_SAMPLES = Path(os.environ.get("YICHUAN_SAMPLES") or Path(__file__).resolve().parents[2] / "shared" / "data") / "ofd"
_LARGEST = 600_000


def _foreign(pattern: str) -> list[bytes]:
    return [data for each in sorted(_SAMPLES.glob(pattern)) if len(data := each.read_bytes()) <= _LARGEST]


@cache
def ofd() -> list[bytes]:
    """OFD packages: foreign ones, a sealed one, one with shapes, clips and transparency."""
    return [*_foreign("*.ofd"), seals.sealed_ofd(), small.converted(small.DRAWN), small.converted(small.NOTICE)]


@cache
def signed_ofd() -> list[bytes]:
    """OFD packages that hold a signature."""
    return [data for data in ofd() if any("Signature" in name for name in _names(data))]


@cache
def signed_pdf() -> list[bytes]:
    """PDFs signed with P-256 and sealed with SM2."""
    return [pdfs.signed_pdf().data, pdfs.sealed_pdf()]


@cache
def authority() -> TimeStampAuthority:
    """A time stamp authority under the root of the tests."""
    holder = seals.make_holder(Profile.TIME_STAMP, "时间戳", seals.pki().root)
    return TimeStampAuthority(holder.certificate, holder.key.sign, lambda: 1, "1.2.3.4")


@cache
def stamps() -> list[bytes]:
    """A request for a time stamp, the answer to it, the token inside."""
    request = ask_time_stamp(b"signature", nonce=7).der
    token = other_seals.time_stamp(other_seals.stamping_authority(seals.pki().root), b"signature", seals.NOW)
    return [request, authority().respond(request, seals.NOW), token]


@cache
def docx() -> list[bytes]:
    """Drafts in DOCX."""
    return [drafts.as_docx(json.loads(each)) for each in contents()]


@cache
def txt() -> list[bytes]:
    """Drafts in plain text, in the encodings that offices use."""
    written = drafts.as_text(gongwen.document())
    return [written.encode(encoding) for encoding in ("utf-8", "gb18030", "utf-16")]


def ceb() -> list[bytes]:
    """The head of a CEB with two sections."""
    table = b"".join(at.to_bytes(4, "little") + (8).to_bytes(4, "little") + bytes(9) for at in (0x41, 0x49))
    return [b"Founder CEB\x002.50f\0\0\0" + (2).to_bytes(2, "little") + bytes(9) + table + bytes(16)]


@cache
def seal_files() -> list[bytes]:
    """Seals of versions 1, 4 and 5."""
    return [*_foreign("*.esl"), seals.pki().seal.der, *(_entries(signed_ofd(), "Seal.esl"))]


@cache
def signatures() -> list[bytes]:
    """Signature values of every kind."""
    kept = [*_foreign("*.dat"), *_foreign("*/SignedValue.dat"), *_entries(signed_ofd(), "SignedValue.dat")]
    unit = seals.pki().unit
    return [*kept, *(other_seals.signed_data(unit, b"x", form=form) for form in ("content", "attributes", "detached"))]


@cache
def status_lists() -> list[bytes]:
    """Status lists of the seal maker: one with entries of every kind, one without."""
    maker, day = seals.pki().maker, timedelta(days=1)
    entries = [Entry(f"JM{each:010}", each, seals.NOW, "遗失") for each in Status]
    period = {"number": 7, "this_update": seals.NOW, "next_update": seals.NOW + day}
    return [make_status_list(maker.certificate, maker.key.sign, entries=some, **period).der for some in (entries, [])]


def evidence() -> list[bytes]:
    """An evidence package, and one without its document."""
    return [packages.packed(), packages.repacked(packages.packed(), drop="document.ofd")]


def code_key() -> PublicKey:
    """The key that signs codes."""
    return seals.pki().unit.key.public


@cache
def print_codes() -> list[bytes]:
    """Texts of printed copies' codes."""
    said = f"YC1|江府办〔2008〕44号|1/3|市环保局|2008-06-02T09:00|{'0a' * 16}|{'1b' * 16}"
    raw = DSASignature.load(seals.pki().unit.key.sign(said.encode())).to_p1363()
    return [f"{said}|{write_signature(raw)}".encode(), said.encode()]


@cache
def pictures_of_codes() -> list[bytes]:
    """A copy's code in every form of picture that is taken, one of them askew, and in one form that is not."""
    drawn = BytesIO()
    segno.make(print_codes()[0].decode(), error="m").save(drawn, kind="png", scale=3, border=4)
    upright = Image.open(drawn).convert("L")
    return [
        _picture(upright.rotate(8, expand=True, fillcolor=255), "PNG"),
        *(_picture(upright, form) for form in ("PNG", "JPEG", "GIF", "BMP", "WEBP")),
    ]


@cache
def certificates() -> list[bytes]:
    """Certificates, chains, a revocation list."""
    pki = seals.pki()
    known = [pki.root.certificate, pki.maker.certificate, pki.unit.certificate]
    revoked = make_crl(
        issuer=pki.root.certificate,
        sign=pki.root.key.sign,
        number=1,
        this_update=seals.NOW,
        next_update=seals.NOW + timedelta(days=1),
        revoked=[],
    )
    return [*(each.der for each in known), b"".join(each.to_pem() for each in known), revoked.der]


@cache
def keys() -> list[bytes]:
    """Private and public keys."""
    key = seals.pki().unit.key
    return [key.to_der(), key.public.der]


@cache
def pdf() -> list[bytes]:
    """PDFs of our typesetter: text in several faces, shapes, clips, pictures."""
    return [gongwen.set_document().pdf, small.typeset_pdf(small.DRAWN), small.typeset_pdf(small.NOTICE)]


@cache
def paths() -> list[bytes]:
    """Path data."""
    return [b"M 0 0 L 10 0 Q 1 2 3 4 B 1 2 3 4 5 6 A 5 5 0 1 0 9 9 C", b"S 1e3 -.5 L 1 1 2 2"]


@cache
def contents() -> list[bytes]:
    """Content models."""
    founding = files("yichuan.demo").joinpath("data/44.json").read_bytes()
    return [founding, json.dumps(gongwen.document(), ensure_ascii=False).encode()]


@cache
def scans_of_imprints() -> list[bytes]:
    """Small scans of an imprint in every form that is taken; no pixel of the BMP is packed."""
    forms = ("PNG", "JPEG", "BMP", "TIFF", "GIF")
    return [scans.scan(dpi=130, noise=2, size_mm=(50, 48), turned=20, form=form) for form in forms]


def _picture(image: Image.Image, form: str) -> bytes:
    out = BytesIO()
    image.save(out, form)
    return out.getvalue()


def _names(data: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.namelist()


def _entries(packages: list[bytes], ending: str) -> list[bytes]:
    found: list[bytes] = []
    for data in packages:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            found += [archive.read(name) for name in archive.namelist() if name.endswith(ending)]
    return found
