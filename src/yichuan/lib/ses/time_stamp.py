"""Time stamp tokens (RFC 3161, GM/T 0033) over a signature value, signed with SM2 and SM3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate, Usage

from . import liberal, oids
from .certificates import key_and_name, path_step, read_certificate
from .errors import SesError
from .liberal import Notes
from .signed_data import SignedData, read_signed_data
from .steps import Step, step

#: id-kp-timeStamping: a certificate without it stamps no times.
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """What a token says: `imprint` is the digest of the stamped bytes, `moment` is UTC."""

    imprint_algorithm: str
    imprint: bytes
    moment: datetime
    content: bytes
    signed: SignedData


def read_time_stamp(token: bytes) -> TimeStamp:
    """Read a TimeStampToken. Raises SesError when it is none."""
    notes: Notes = []
    what = "time stamp"
    signed = read_signed_data(liberal.parse(token, what, notes), notes)
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
    name: str, token: bytes, stamped: bytes, *, trust: list[Certificate], at: datetime
) -> tuple[Step, datetime | None]:
    """The step `name`, and the proven time when it holds: is `token` a trusted authority's word over `stamped`?

    The authority's certificate had to be good at the time it stamped, and that not after `at`.
    """
    try:
        stamp = read_time_stamp(token)
        signed = stamp.signed
        if signed.certificate is None:
            return step(name, None, "certificate_absent"), None
        key, holder = key_and_name(signed.certificate)
        certificate = read_certificate(signed.certificate)
    except (SesError, GmError) as error:
        return step(name, False, "unreadable", detail=error), None
    if stamp.imprint_algorithm not in oids.SM3_ALIASES or stamp.imprint != sm3(stamped):
        return step(name, False, "stamp_of_other"), None
    # The attributes are what is signed, and they vouch for the content.
    if signed.signed in (None, stamp.content) or signed.data_hash != sm3(stamp.content):
        return step(name, False, "stamp_false", name=holder), None
    if not key.verify(signed.signature, signed.signed or b""):
        return step(name, False, "stamp_false", name=holder), None
    if TIME_STAMPING not in (certificate.extended_key_usage or ()):
        return step(name, False, "stamp_usage", name=holder), None
    if stamp.moment > at:
        return step(name, False, "time_future", time=stamp.moment.isoformat()), None
    path = path_step(
        name, signed.certificate, signed.extra_certificates, trust=trust, at=stamp.moment, usage=Usage.SIGNATURE
    )
    if path.ok is not True:
        return path, None
    return step(name, True, "stamp_holds", time=stamp.moment.isoformat(), name=holder), stamp.moment
