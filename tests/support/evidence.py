"""Evidence packages of the tests' small PKI."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from support.other_seals import stamping_authority, time_stamp
from support.seals import NOW, Holder, make_holder, pki, sealed_ofd
from support.small_log import SmallLog, a_day, checkpoints_key
from yichuan.lib.evidence import Evidence, Form, pack_evidence, summary_page, verify_evidence, write_lines
from yichuan.lib.gm.crl import make_crl
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Name, Profile, issue
from yichuan.lib.merkle import SignedCheckpoint
from yichuan.lib.ofd.package import Package, write_package
from yichuan.lib.ses.status_list import make_status_list

AT = NOW + timedelta(days=1)
CENTRE = "江门市"
AUTHORITY = stamping_authority(pki().root)
STRANGE = b'{"uid":"x","at":"2026-11-21","verb":"exchange.send","subject":null,"detail":{}}'  # no entry of the log

Lines = list[bytes]


@cache
def packer() -> Holder:
    """The centre's key for packages."""
    return make_holder(Profile.SIGNER, "江门市证据包签名", pki().root)


@cache
def unit() -> Holder:
    """A unit with a key for signatures, whose certificate names it as its own organization."""
    key, root = PrivateKey.generate(), pki().root
    name = Name(common_name="江门市证据包签名", organization="江门市环境保护局")
    certificate = issue(
        Profile.SIGNER,
        subject=name,
        public_key=key.public,
        issuer=root.certificate,
        sign=root.key.sign,
        not_before=NOW,
        not_after=AT + timedelta(days=365),
    )
    return Holder(key, certificate)


@cache
def lists() -> tuple[bytes, bytes]:
    """The root's revocation list and the maker's status list of the day, both empty and good for a week."""
    root, maker, week = pki().root, pki().maker, AT + timedelta(days=7)
    crl = make_crl(root.certificate, root.key.sign, revoked=[], number=1, this_update=AT, next_update=week)
    status = make_status_list(maker.certificate, maker.key.sign, entries=[], number=1, this_update=AT, next_update=week)
    return crl.der, status.der


@cache
def body() -> bytes:
    """The document in the package."""
    return sealed_ofd()


@cache
def digest() -> str:
    """Of that document."""
    return sm3(body()).hex()


@cache
def day() -> tuple[SmallLog, list[int]]:
    """The log, and the places of the document's entries in it."""
    return a_day(digest())


NAMES = {
    "entries": "entries.jsonl", "proofs": "proofs.jsonl", "receipts": "receipts.jsonl",
    "consistency": "consistency.jsonl", "checkpoint": "checkpoint.txt",
}  # fmt: skip


def log_parts(given: dict[str, bytes] | None = None) -> list[tuple[str, str, bytes]]:
    """The parts from the log, of the day or as they are given by their role."""
    log, places = day()
    of_log = given or log.parts(places, earlier=[3, 5])
    page = summary_page("证据包", [("文号", "江府办〔2008〕44号")], [], [])
    return [*((NAMES[role], role, data) for role, data in of_log.items()), ("summary.html", "summary", page)]


def parts(given: dict[str, bytes] | None = None) -> list[tuple[str, str, bytes]]:
    """What a package of a document sealed by the unit holds."""
    crl, status = lists()
    return [
        ("document.ofd", "document", body()),
        ("certificates/1.cer", "certificate", pki().root.certificate.der),
        ("certificates/2.cer", "certificate", checkpoints_key().certificate.der),
        ("revocations/1.crl", "revocations", crl),
        ("status/1.der", "status", status),
        *log_parts(given),
    ]


def packed(
    chosen: list[tuple[str, str, bytes]] | None = None,
    *,
    signer: Holder | None = None,
    form: Form = Form.SENDER,
    places: list[int] | None = None,
    of: str = "",
    title: str = "印发办法的通知",
) -> bytes:
    """A package of these parts, of `parts()` if none are given, of a document with the digest `of`."""
    signer = signer or packer()
    return pack_evidence(
        parts() if chosen is None else chosen,
        centre=CENTRE,
        form=form,
        number="江府办〔2008〕44号",
        title=title if form is Form.SENDER else "",
        digest=of or digest(),
        entries=day()[1] if places is None else places,
        at=AT,
        signer=signer.certificate,
        sign=signer.key.sign,
        stamp=lambda value: time_stamp(AUTHORITY, value, AT),
    )


def repacked(data: bytes, *, drop: str = "", put: dict[str, bytes] | None = None) -> bytes:
    """The package without one entry, or with others in the place of its own or beside them."""
    package = Package.open(data)
    kept = {name: package.read(name) for name in package.names() if name != drop}
    return write_package(kept | (put or {}))


def verified(data: bytes, *kept: SignedCheckpoint) -> Evidence:
    """Verified a day later, with the root alone, and with checkpoints kept elsewhere."""
    return verify_evidence(data, trust=pki().trust, at=AT + timedelta(days=1), kept=kept)


def faults(evidence: Evidence) -> dict[str, str]:
    """The failed steps on the log: finding and what is named."""
    names = ("entries", "receipts", "log_lines", "checkpoint", "consistency", "digest", "parts_required")
    return {step.finding: step.note_zh for step in evidence.steps if step.name in names and step.ok is False}


def with_lines(role: str, change: Callable[[Lines], Lines]) -> bytes:
    """The day's package, its lines of one part changed as somebody could who has the file."""
    log, places = day()
    lines = log.parts(places, earlier=[3, 5])[role].splitlines()
    return repacked(packed(), put={NAMES[role]: write_lines(change(lines))})
