"""Reading single fields of seals as their makers wrote them, with a note for each departure from the standard.

Every leniency here was met in files in daily use; none is silent.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from . import tlv
from .errors import SesError
from .tlv import Tlv

#: Seals that name no time zone were made in China.
CHINA = timezone(timedelta(hours=8))

Notes = list[str]


def parse(data: bytes, what: str, notes: Notes) -> Tlv:
    """The value that fills `data`; BER and trailing bytes are noted."""
    node = tlv.read(data)
    if node.end != len(data):
        notes.append(f"{what}: {len(data) - node.end} bytes follow the structure")
    if not node.definite:
        notes.append(f"{what}: BER with indefinite lengths instead of DER")
    return node


def fields(node: Tlv, what: str, at_least: int, at_most: int) -> list[Tlv]:
    """The members of a SEQUENCE, their number checked."""
    if node.tag != tlv.SEQUENCE:
        raise SesError("asn1", f"{what}: expected a SEQUENCE, found tag 0x{node.tag:02x}")
    members = node.children()
    if not at_least <= len(members) <= at_most:
        raise SesError("asn1", f"{what}: {len(members)} members, expected {at_least} to {at_most}")
    return members


def inside(node: Tlv, what: str) -> Tlv:
    """The one value inside an explicit [0] tag; the value itself where a maker left the tag out."""
    if node.tag != tlv.CONTEXT_0:
        return node
    members = node.children()
    if len(members) != 1:
        raise SesError("asn1", f"{what}: {len(members)} values under one tag")
    return members[0]


def integer(node: Tlv, what: str) -> int:
    if node.tag != tlv.INTEGER or not 0 < node.body_end - node.body <= 64:
        raise SesError("asn1", f"{what}: expected an INTEGER, found tag 0x{node.tag:02x}")
    return int.from_bytes(node.content, "big", signed=True)


def oid(node: Tlv, what: str, notes: Notes) -> str:
    """Dotted form. Some makers squeeze ASCII text into the OID's bytes: kept as that text, noted."""
    content = node.content
    if node.tag != tlv.OID or not content:
        raise SesError("asn1", f"{what}: expected an OBJECT IDENTIFIER, found tag 0x{node.tag:02x}")
    arcs, value = [], 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    if content.isalpha():
        notes.append(f"{what}: text {content.decode('ascii')!r} in place of an object identifier")
        return content.decode("ascii")
    if content[-1] & 0x80:
        raise SesError("asn1", f"{what}: the object identifier is cut off")
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def text(node: Tlv, what: str, notes: Notes) -> str:
    """A string of any string type. Bytes that are not UTF-8 are tried as GB 18030, noted."""
    if node.tag & 0x1F not in (0x0C, 0x12, 0x13, 0x14, 0x16, 0x1A, 0x1C, 0x1E, tlv.OCTET_STRING):
        raise SesError("asn1", f"{what}: expected a string, found tag 0x{node.tag:02x}")
    content = node.content
    if node.tag == 0x1E:
        notes.append(f"{what}: BMPString")
        return content.decode("utf-16-be", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        notes.append(f"{what}: not UTF-8, read as GB 18030")
        return content.decode("gb18030", "replace")


def octets(node: Tlv, what: str, notes: Notes) -> bytes:
    """An OCTET STRING; IA5String in its place is noted."""
    if node.tag not in (tlv.OCTET_STRING, 0x24):
        if node.tag not in (tlv.IA5_STRING, tlv.BIT_STRING):
            raise SesError("asn1", f"{what}: expected an OCTET STRING, found tag 0x{node.tag:02x}")
        notes.append(f"{what}: tag 0x{node.tag:02x} in place of an OCTET STRING")
        if node.tag == tlv.BIT_STRING:
            return node.content[1:]
    return node.content


def bits(node: Tlv, what: str, notes: Notes) -> bytes:
    """The octets of a BIT STRING. OCTET STRING in its place and a wrong count of unused bits are noted."""
    if node.tag == tlv.OCTET_STRING:
        notes.append(f"{what}: OCTET STRING in place of a BIT STRING")
        return node.content
    content = node.content
    if node.tag != tlv.BIT_STRING or not content:
        raise SesError("asn1", f"{what}: expected a BIT STRING, found tag 0x{node.tag:02x}")
    if content[0]:
        notes.append(f"{what}: the BIT STRING claims {content[0]} unused bits")
    return content[1:]


def sm2_value(octets: bytes, what: str, notes: Notes) -> bytes:
    """An SM2 signature value as it stands; 64 bytes r‖s in place of DER are noted."""
    if len(octets) == 64 and octets[:2] != b"\x30\x3e":
        notes.append(f"{what}: r and s side by side in place of DER")
    return octets


def time(node: Tlv, what: str, notes: Notes) -> datetime | None:
    """The moment a time field names; None with a note when it names none."""
    if node.tag not in (tlv.GENERALIZED_TIME, tlv.UTC_TIME):
        notes.append(f"{what}: tag 0x{node.tag:02x} in place of a time")
    written = node.content.decode("ascii", "replace")
    if node.tag == tlv.GENERALIZED_TIME and len(written) == 13:
        notes.append(f"{what}: two-digit year in a GeneralizedTime")
    return time_text(written, what, notes)


_CLOCK = r"(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)(?:[.,]?(?P<fraction>\d{1,9}))?"
_ZONE = r"\s*(?P<zone>Z|[+-]\d\d:?\d\d)?"
_LONG = re.compile(rf"(?P<year>\d{{4}})-?(?P<month>\d\d)-?(?P<day>\d\d)(?:[T ]?{_CLOCK})?{_ZONE}", re.ASCII)
_SHORT = re.compile(rf"(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d){_CLOCK}{_ZONE}", re.ASCII)
_UTC_TIME_DIGITS = re.compile(r"\d{12}(?!\d)", re.ASCII)


def time_text(written: str, what: str, notes: Notes) -> datetime | None:
    """A time as text: with Z or an offset as written, without either as China's (noted)."""
    value = written.strip(" \t\r\n\0")
    form = _SHORT if _UTC_TIME_DIGITS.match(value) else _LONG
    moment = None
    if match := form.fullmatch(value):
        try:
            moment = _moment(match)
        except (ValueError, OverflowError):
            moment = None
    if match is None or moment is None:
        notes.append(f"{what}: {written[:40]!r} is not a time")
        return None
    if match["zone"] is None:
        notes.append(f"{what}: {value!r} names no time zone, read as Chinese time")
    return moment


def names_zone(written: bytes) -> bool:
    """Whether the text of a time says its zone."""
    value = written.rstrip(b" \t\r\n\0")
    return value[-1:] == b"Z" or re.search(rb"[+-]\d\d:?\d\d$", value) is not None


def _moment(match: re.Match[str]) -> datetime:
    year = int(match["year"])
    if year < 100:  # X.680: a two-digit year from 50 on is of the 20th century
        year += 1900 if year >= 50 else 2000
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    micro = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    zone = match["zone"]
    if zone is None:
        offset = CHINA
    elif zone == "Z":
        offset = timezone(timedelta(0))
    else:
        digits = zone[1:].replace(":", "")
        span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        offset = timezone(span if zone[0] == "+" else -span)
    return datetime(year, int(match["month"]), int(match["day"]), hour, minute, second, micro, offset).astimezone(UTC)
