"""Electronic seals as read: GB/T 38540-2020 (v4), GM/T 0031-2014 (v1) and -2025 (v5).

The versions are told apart by their shape, never by the version number inside (makers write any). The bytes that
were signed are kept as slices of the original. Departures from the standard are listed in `notes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from . import liberal, tlv
from .errors import SesError
from .liberal import Notes
from .tlv import Tlv


@dataclass(frozen=True, slots=True)
class Picture:
    """The imprint: `kind` in lower case (png, gif, bmp, jpg, svg, ofd = a whole OFD package), its size in mm."""

    kind: str
    data: bytes = field(repr=False)
    width_mm: int
    height_mm: int


@dataclass(frozen=True, slots=True)
class Seal:
    """An electronic seal. Certificates are DER. Exactly one of `certificates` and `certificate_digests` is filled:
    the certificates that may use the seal, or (algorithm, digest) of each. Times are UTC, None when unreadable."""

    der: bytes = field(repr=False)
    version: str
    header_version: int
    vendor_id: str
    seal_id: str
    kind: int
    name: str
    certificates: tuple[bytes, ...] = field(repr=False)
    certificate_digests: tuple[tuple[str, bytes], ...] = field(repr=False)
    created: datetime | None
    valid_from: datetime | None
    valid_to: datetime | None
    picture: Picture
    maker_certificate: bytes = field(repr=False)
    algorithm: str
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    time_stamp: bytes | None = field(repr=False)
    notes: tuple[str, ...]


def parse_seal(der: bytes) -> Seal:
    """Read a seal (.esl). Raises SesError when the bytes have the shape of no known seal."""
    notes: Notes = []
    return read_seal(liberal.parse(der, "seal", notes), notes)


def read_seal(node: Tlv, notes: Notes) -> Seal:
    """Read a seal that stands inside a larger structure."""
    members = liberal.fields(node, "seal", 2, 5)
    info = members[0]
    if len(members) == 2:
        version = "v1"
        maker, algorithm_node, value = liberal.fields(members[1], "seal signInfo", 3, 3)
        # GM/T 0031-2014: the maker signs the seal's content together with certificate and algorithm.
        signed = tlv.encode(tlv.SEQUENCE, b"".join(map(tlv.as_signed, (info, maker, algorithm_node))))
    elif len(members) in (4, 5):
        version = "v4"
        maker, algorithm_node, value = members[1:4]
        signed = tlv.as_signed(info)
    else:
        raise SesError("seal_shape", "a seal has 2 members (v1), 4 (v4) or 5 (v5); this structure has 3")
    header, seal_id, properties, picture, *extensions = liberal.fields(info, "seal information", 4, 5)
    _, header_version_node, vendor = liberal.fields(header, "seal header", 3, 3)
    header_version = liberal.integer(header_version_node, "seal header version")
    if version == "v4" and header_version == 5:
        version = "v5"
    elif header_version != int(version[1]):
        notes.append(f"seal: header version {header_version} in the shape of {version}")
    kind, name, listed, digests, times = _properties(properties, version, notes)
    for extension in extensions:
        note_extensions(extension, "seal", notes)
    return Seal(
        der=node.raw,
        version=version,
        header_version=header_version,
        vendor_id=liberal.text(vendor, "seal vendor", notes),
        seal_id=liberal.text(seal_id, "seal identifier", notes),
        kind=kind,
        name=name,
        certificates=listed,
        certificate_digests=digests,
        created=times[0],
        valid_from=times[1],
        valid_to=times[2],
        picture=_picture(picture, notes),
        maker_certificate=liberal.octets(maker, "seal maker certificate", notes),
        algorithm=liberal.oid(algorithm_node, "seal signature algorithm", notes),
        signed=signed,
        signature=liberal.sm2_value(liberal.bits(value, "seal signature", notes), "seal signature", notes),
        time_stamp=time_stamp(members[4], "seal", notes) if len(members) == 5 else None,
        notes=tuple(notes),
    )


_Properties = tuple[int, str, tuple[bytes, ...], tuple[tuple[str, bytes], ...], list[datetime | None]]


def _properties(node: Tlv, version: str, notes: Notes) -> _Properties:
    members = liberal.fields(node, "seal properties", 6, 7)
    kind = liberal.integer(members[0], "seal type")
    name = liberal.text(members[1], "seal name", notes)
    certificates: tuple[bytes, ...] = ()
    digests: tuple[tuple[str, bytes], ...] = ()
    if members[-4].tag != tlv.SEQUENCE:
        raise SesError("asn1", "seal certificate list: expected a SEQUENCE")
    items = members[-4].children()
    # The shape of the first item decides; makers write certListType 3 over a list of certificates.
    if items and items[0].tag == tlv.SEQUENCE:
        pairs = [liberal.fields(item, "seal certificate digest", 2, 2) for item in items]
        what = "seal certificate digest"
        digests = tuple((liberal.text(p[0], what, notes), liberal.octets(p[1], what, notes)) for p in pairs)
    else:
        certificates = tuple(liberal.octets(item, "seal certificate list", notes) for item in items)
    if len(members) == 7:
        claimed = liberal.integer(members[2], "seal certificate list type")
        if claimed != (2 if digests else 1):
            notes.append(f"seal: certificate list type {claimed} does not tell what the list holds")
    if (len(members) == 6) != (version == "v1"):
        notes.append(f"seal: properties with {len(members)} members in a {version} seal")
    names = ("seal creation time", "seal valid from", "seal valid to")
    times = [liberal.time(each, what, notes) for each, what in zip(members[-3:], names, strict=True)]
    return kind, name, certificates, digests, times


#: How the files of each kind of picture begin.
PICTURE_MAGIC = (
    (b"\x89PNG", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"\xff\xd8\xff", "jpg"),
    (b"PK\x03\x04", "ofd"),
)


def _picture(node: Tlv, notes: Notes) -> Picture:
    kind, data, width, height = liberal.fields(node, "seal picture", 4, 4)
    claimed = liberal.text(kind, "seal picture type", notes).strip().lower()
    content = liberal.octets(data, "seal picture", notes)
    actual = next((form for magic, form in PICTURE_MAGIC if content.startswith(magic)), claimed)
    if actual != claimed and (claimed, actual) != ("jpeg", "jpg"):
        notes.append(f"seal picture: called {claimed!r}, holds {actual!r}")
    sizes = liberal.integer(width, "seal picture width"), liberal.integer(height, "seal picture height")
    return Picture(actual, content, *sizes)


def note_extensions(node: Tlv, what: str, notes: Notes) -> None:
    """Extensions carry a maker's own data; a critical one that nobody here understands must be seen."""
    if node.tag == tlv.CONTEXT_0:
        node = liberal.inside(node, f"{what} extensions")
    for item in node.children():
        members = liberal.fields(item, f"{what} extension", 2, 3)
        name = liberal.oid(members[0], f"{what} extension", notes)
        if len(members) == 3 and members[1].content not in (b"\0", b""):
            notes.append(f"{what}: critical extension {name} is not understood")


def time_stamp(node: Tlv, what: str, notes: Notes) -> bytes:
    return liberal.bits(liberal.inside(node, f"{what} time stamp"), f"{what} time stamp", notes)
