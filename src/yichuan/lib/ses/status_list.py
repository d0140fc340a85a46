"""How the seals of one maker stand, as the maker publishes it: a signed list of those that may not be used any more.

No standard gives seals such a list. This one follows a revocation list (RFC 5280, 5) and names seals by their number:

    StatusList ::= SEQUENCE { tbs TBSStatusList, certificate OCTET STRING, algorithm OID, signature BIT STRING }
    TBSStatusList ::= SEQUENCE { version INTEGER (1), issuer UTF8String, issuerDigest OCTET STRING, number INTEGER,
        thisUpdate GeneralizedTime, nextUpdate GeneralizedTime, entries SEQUENCE OF Entry }
    Entry ::= SEQUENCE { sealId IA5String, status ENUMERATED { suspended (1), withdrawn (2), destroyed (3) },
        since GeneralizedTime, cause UTF8String }

`certificate` is the maker's, `issuerDigest` its SM3 digest; SM2 with SM3 signs `tbs`.
"""

# mypy: disable-error-code="misc"
# asn1crypto has no types: its base classes are Any.

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from asn1crypto import core

from yichuan.lib.gm._certificate import signed_part
from yichuan.lib.gm._known import signed_with
from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.x509 import Certificate, Usage, validate_path

from . import oids
from .certificates import read_certificate
from .errors import SesError
from .make import whole_seconds
from .revocation import stamping_revocation
from .seal import Seal
from .steps import Said, Step, shown, step
from .values import checked_signature

LONGEST = 2 * 1024 * 1024
MOST_ENTRIES = 20_000
_LONGEST_TEXT = 80
_LARGEST_NUMBER = 2**63


class Status(IntEnum):
    """How a seal on the list stands."""

    SUSPENDED = 1
    WITHDRAWN = 2
    DESTROYED = 3

    @property
    def word(self) -> str:
        """The Chinese word."""
        return {1: "暂停使用", 2: "停用", 3: "销毁"}[self]


@dataclass(frozen=True, slots=True)
class Entry:
    """One seal, by the number in its structure, and since when (aware) nothing may be sealed with it; `cause` is
    Chinese."""

    seal_id: str
    status: Status
    since: datetime
    cause: str = ""


@dataclass(frozen=True)
class StatusList:
    """A list as read; whether it is to be believed, `believed` tells. Times are UTC. Equal and hashable by its DER."""

    der: bytes = field(repr=False)
    tbs: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)
    certificate: Certificate = field(compare=False, repr=False)
    issuer: str = field(compare=False)
    number: int = field(compare=False)
    this_update: datetime = field(compare=False)
    next_update: datetime = field(compare=False)
    entries: dict[str, Entry] = field(compare=False, repr=False)
    """By the seal's number."""

    def believed(self, *, trust: list[Certificate], at: datetime, crls: Sequence[Crl] | None = None) -> bool:
        """Whether a trusted maker of seals signed it, with a certificate that was good on its day and against which
        the revocation lists, where some are given, say nothing at `at`."""
        if not signed_with(self.certificate.public_key, self.signature, self.tbs):
            return False
        day = self.this_update
        path = validate_path(self.certificate, trust=trust, at=day, usage=Usage.SEAL_MAKING)
        if not path.ok or crls is None:
            return path.ok
        return stamping_revocation("seal_status", path.chain, crls, moment=day, at=at) is None

    def speaks_of(self, maker: Certificate, moment: datetime) -> bool:
        """Whether it can tell how a seal of `maker` (under whichever of its certificates) stood at `moment`."""
        same = (maker.subject_key, maker.issuer_key) == (self.certificate.subject_key, self.certificate.issuer_key)
        return same and moment <= self.next_update


class _Status(core.Enumerated):
    _map = {each.value: each.name for each in Status}


class _Entry(core.Sequence):
    _fields = [
        ("seal_id", core.IA5String),
        ("status", _Status),
        ("since", core.GeneralizedTime),
        ("cause", core.UTF8String),
    ]


class _Entries(core.SequenceOf):
    _child_spec = _Entry


class _Tbs(core.Sequence):
    _fields = [
        ("version", core.Integer),
        ("issuer", core.UTF8String),
        ("issuer_digest", core.OctetString),
        ("number", core.Integer),
        ("this_update", core.GeneralizedTime),
        ("next_update", core.GeneralizedTime),
        ("entries", _Entries),
    ]


class _List(core.Sequence):
    _fields = [
        ("tbs", _Tbs),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
        ("signature", core.OctetBitString),
    ]


def make_status_list(
    maker: Certificate,
    sign: Callable[[bytes], bytes],
    *,
    entries: Iterable[Entry],
    number: int,
    this_update: datetime,
    next_update: datetime,
) -> StatusList:
    """The list of `maker`, signed SM2 with SM3. Times are aware and cut to seconds; `number` must grow.

    Raises SesError: `time` (naive), `status_list` (periods, a seal twice, text too long), `signature` (not the maker's
    key).
    """
    listed = list(entries)
    if len({each.seal_id for each in listed}) != len(listed):
        raise SesError("status_list", "a seal stands on the list twice")
    if whole_seconds(this_update) >= whole_seconds(next_update):
        raise SesError("status_list", "this_update must lie before next_update")
    tbs = _Tbs(
        {
            "version": 1,
            "issuer": maker.subject_name,
            "issuer_digest": maker.fingerprint,
            "number": number,
            "this_update": whole_seconds(this_update),
            "next_update": whole_seconds(next_update),
            "entries": [
                {
                    "seal_id": each.seal_id,
                    "status": each.status.name,
                    "since": whole_seconds(each.since),
                    "cause": each.cause,
                }
                for each in listed
            ],
        }
    ).dump()
    value = checked_signature(maker, sign(tbs), tbs, "the seal maker")
    parts = {"tbs": _Tbs.load(tbs), "certificate": maker.der, "algorithm": oids.SM2_WITH_SM3, "signature": value}
    return parse_status_list(_List(parts).dump())


def parse_status_list(der: bytes) -> StatusList:
    """Read a list strictly. Raises SesError `status_list` for anything else, and for more than `LONGEST` bytes or
    `MOST_ENTRIES` seals."""
    if len(der) > LONGEST:
        raise SesError("status_list", f"a status list of {len(der)} bytes is not read; the most is {LONGEST}")
    try:
        return _read(der)
    # asn1crypto reads lazily and lets many kinds of errors out on hostile bytes
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise SesError("status_list", f"not a readable status list: {error}") from error


def _read(der: bytes) -> StatusList:
    whole = _List.load(der, strict=True)
    tbs = whole["tbs"]
    certificate = read_certificate(whole["certificate"].native)
    if tbs["version"].native != 1 or whole["algorithm"].dotted != oids.SM2_WITH_SM3:
        raise ValueError("only version 1, signed SM2 with SM3, is known")
    if tbs["issuer_digest"].native != certificate.fingerprint or tbs["issuer"].native != certificate.subject_name:
        raise ValueError("it names another issuer than the certificate inside")
    number = tbs["number"].native
    if not 0 <= number < _LARGEST_NUMBER:
        raise ValueError("its number is out of range")
    if len(tbs["entries"]) > MOST_ENTRIES:
        raise ValueError(f"it names more than {MOST_ENTRIES} seals")
    entries: dict[str, Entry] = {}
    for item in tbs["entries"]:
        entry = Entry(
            _text(item["seal_id"].native),
            Status[item["status"].native],
            whole_seconds(item["since"].native),
            _text(item["cause"].native),
        )
        if entry.seal_id in entries:
            raise ValueError("it names a seal twice")
        entries[entry.seal_id] = entry
    this_update, next_update = (whole_seconds(tbs[name].native) for name in ("this_update", "next_update"))
    if this_update >= next_update:
        raise ValueError("it ends before it begins")
    return StatusList(
        der=der,
        tbs=signed_part(der),
        signature=whole["signature"].native,
        certificate=certificate,
        issuer=certificate.subject_name,
        number=number,
        this_update=this_update,
        next_update=next_update,
        entries=entries,
    )


def _text(value: str) -> str:
    if len(value) > _LONGEST_TEXT or not value.isprintable():
        raise ValueError("a text is too long or holds control characters")
    return value


def seal_status_step(
    seal: Seal,
    lists: Iterable[StatusList],
    *,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None,
    claimed: datetime | None,
    proven: datetime | None,
) -> Step:
    """The step seal_status: might this seal be used when it was?

    As with revocation (`ses.revocation`), only a time stamp proves that a signature is older than the loss of its
    seal; the signer's own clock does not. `claimed` and `proven` None ask how the seal stands at `at`.
    """
    name, moment = "seal_status", proven or at
    try:
        maker = read_certificate(seal.maker_certificate)
    except GmError as error:
        return step(name, None, "certificate_unreadable", detail=error)
    speaking = [
        each for each in lists if each.speaks_of(maker, moment) and each.believed(trust=trust, at=at, crls=crls)
    ]
    newest = max(speaking, key=lambda each: (each.this_update, each.number), default=None)
    if newest is None:
        return step(name, None, "status_unknown", name=maker.subject_name)
    told = shown(newest.this_update)
    entry = newest.entries.get(seal.seal_id)
    if entry is None or (proven is None and entry.since > moment):
        return step(name, True, "status_good", name=seal.name, time=told)
    word = Said(entry.status.name.lower(), entry.status.word + (f"（{entry.cause}）" if entry.cause else ""))
    details = {"name": seal.name, "word": word, "since": shown(entry.since), "time": told}
    if proven is not None and entry.since > proven:
        return step(name, True, "status_later", proven=shown(proven), **details)
    if proven is None and claimed is not None and entry.since > claimed:
        return step(name, None, "status_since", **details)
    return step(name, False, "status_ended", **details)
