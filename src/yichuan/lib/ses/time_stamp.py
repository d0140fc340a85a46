"""Time stamp tokens (RFC 3161, GM/T 0033), SM2 with SM3: over a signature value, or inside a v1 signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import TIME_STAMPING, Certificate, Usage

from . import liberal, oids, tlv
from .certificates import key_and_name, path_step, read_certificate
from .errors import SesError
from .liberal import Notes
from .revocation import lists_inside, stamping_revocation
from .signed_data import SignedData, read_signed_data
from .steps import Step, shown, step


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """What a token says: `imprint` is the digest of the stamped bytes, `moment` is UTC."""

    imprint_algorithm: str
    imprint: bytes
    moment: datetime
    content: bytes
    signed: SignedData


def read_time_stamp(token: bytes) -> TimeStamp:
    """Read a TimeStampToken, or the whole answer of an authority around it. Raises SesError when it is none."""
    notes: Notes = []
    what = "time stamp"
    node = liberal.parse(token, what, notes)
    members = liberal.fields(node, what, 2, 2)
    if members[0].tag == tlv.SEQUENCE:  # TimeStampResp: status, token
        node = members[1]
    signed = read_signed_data(node, notes)
    if signed.content is None:
        raise SesError("time_stamp", "time stamp: the token has no content")
    members = liberal.fields(liberal.parse(signed.content, what, notes), what, 5, 10)
    algorithm, digest = liberal.fields(members[2], "time stamp imprint", 2, 2)
    moment = liberal.time(members[4], "time stamp time", notes)
    if moment is None:
        raise SesError("time_stamp", "time stamp: its time cannot be read")
    imprint_algorithm = liberal.oid(liberal.fields(algorithm, what, 1, 2)[0], what, notes)
    imprint = liberal.octets(digest, "time stamp imprint", notes)
    return TimeStamp(imprint_algorithm, imprint, moment, signed.content, signed)


def check_time_stamp(
    name: str,
    token: bytes,
    stamped: bytes,
    *,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None = None,
) -> tuple[Step, datetime | None]:
    """The step `name`, and the proven time when it holds: is `token` a trusted authority's word over `stamped`?

    The authority's certificate had to be good at the time it stamped, and that not after `at`; with `crls` a list must
    speak for it (RFC 3161, 4: most revocations undo its earlier stamps too).
    """
    held = _held(name, token, {"": sm3(stamped)}, trust, at, crls)
    if isinstance(held, Step):
        return held, None
    return step(name, True, "stamp_holds", time=shown(held.stamp.moment), name=held.by), held.stamp.moment


def check_earlier_stamp(
    name: str,
    token: bytes,
    candidates: Mapping[str, bytes],
    *,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None = None,
) -> Step:
    """The step for a token inside the signed part (v1).

    What such a token covers is settled nowhere: the digests in `candidates` are tried, by what they are called. It was
    there before the signature, so it says that the signature is later, and proves nothing against a clock set back.
    """
    held = _held(name, token, candidates, trust, at, crls)
    if isinstance(held, Step):
        return step(name, None, "stamp_unsettled") if held.finding == "stamp_of_other" else held
    return step(name, True, "stamp_before", time=shown(held.stamp.moment), name=held.by, what=held.covered)


@dataclass(frozen=True, slots=True)
class _Held:
    """A token that holds: by whom, and over which of the candidates."""

    stamp: TimeStamp
    by: str
    covered: str


def _held(
    name: str,
    token: bytes,
    candidates: Mapping[str, bytes],
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None,
) -> Step | _Held:
    """The step that says what is wrong with a token, or the token.

    Of the revocation lists inside it only a bad word counts: they may be old, and chosen by whom they acquit.
    """
    try:
        stamp = read_time_stamp(token)
    except SesError as error:
        return step(name, False, "unreadable", detail=error)
    signed = stamp.signed
    for algorithm in (stamp.imprint_algorithm, signed.digest_algorithm, signed.algorithm):
        if algorithm in oids.FOREIGN:
            return step(name, None, "algorithm_unsupported", name=oids.spoken(algorithm))
    if signed.certificate is None:
        return step(name, None, "certificate_absent")
    try:
        key, holder = key_and_name(signed.certificate)
        certificate = read_certificate(signed.certificate)
    except (SesError, GmError) as error:
        return step(name, False, "certificate_unreadable", detail=error)
    covered = [what for what, digest in candidates.items() if digest == stamp.imprint]
    if stamp.imprint_algorithm not in oids.SM3_ALIASES or not covered:
        return step(name, False, "stamp_of_other")
    # The attributes are what is signed, and they vouch for the content.
    if signed.signed in (None, stamp.content) or signed.data_hash != sm3(stamp.content):
        return step(name, False, "stamp_false", name=holder)
    if not key.verify(signed.signature, signed.signed or b""):
        return step(name, False, "stamp_false", name=holder)
    if TIME_STAMPING not in (certificate.extended_key_usage or ()):
        return step(name, False, "stamp_usage", name=holder)
    if stamp.moment > at:
        return step(name, False, "time_future", time=shown(stamp.moment))
    path, chain = path_step(
        name, signed.certificate, signed.extra_certificates, trust=trust, at=stamp.moment, usage=Usage.SIGNATURE
    )
    if path.ok is not True:
        return path
    lists = [*(crls or ()), *lists_inside(signed.crls)]
    against = stamping_revocation(name, chain, lists, moment=stamp.moment, at=at) if lists or crls is not None else None
    if against is not None and (against.ok is False or crls is not None):
        return against
    return _Held(stamp, holder, covered[0])
