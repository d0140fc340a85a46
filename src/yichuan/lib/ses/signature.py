"""The signature value of an OFD signature (SignedValue.dat), of whatever kind, as read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from . import liberal, oids, tlv
from .errors import SesError
from .liberal import Notes
from .seal import Seal, note_extensions, read_seal, time_stamp
from .signed_data import read_signed_data
from .time_stamp import read_time_stamp
from .tlv import Tlv


@dataclass(frozen=True, slots=True)
class SealSignature:
    """A signature value.

    `version` is "v1", "v4" or "v5" (with a seal), "35275" (GB/T 35275 signedData) or "bare" (an SM2 value alone).
    `signed` is what SM2 signed; None when it is not inside (then Signature.xml or its digest was signed).
    `data_hash` is the digest of Signature.xml that the signature vouches for; None for "bare".
    `time_has_zone` is False when the text of `time` names no zone: then it is Chinese time or UTC.
    `certificate`, `extra_certificates` and `crls` (revocation lists that came along) are DER. `time` is UTC, as the
    signer says, None when unreadable.
    """

    der: bytes = field(repr=False)
    version: str
    seal: Seal | None
    certificate: bytes | None = field(repr=False)
    extra_certificates: tuple[bytes, ...] = field(repr=False)
    algorithm: str
    signed: bytes | None = field(repr=False)
    signature: bytes = field(repr=False)
    data_hash: bytes | None
    property_info: str
    time: datetime | None
    time_has_zone: bool
    time_stamp: bytes | None = field(repr=False)
    notes: tuple[str, ...]
    digest_algorithm: str = oids.SM3
    crls: tuple[bytes, ...] = field(default=(), repr=False)


@lru_cache(maxsize=16)
def parse_signature(der: bytes) -> SealSignature:
    """Read a SignedValue.dat of any kind. Raises SesError when the bytes have the shape of none.

    The last ones are kept: whoever takes a document in, verifies or draws it reads the same bytes again.
    """
    notes: Notes = []
    node = liberal.parse(der, "signature value", notes)
    members = liberal.fields(node, "signature value", 2, 5)
    if members[0].tag == tlv.OID:
        return _from_signed_data(node, notes)
    if members[0].tag == tlv.INTEGER and len(members) == 2:
        return _bare(node, notes)
    if len(members) == 2:
        return _v1(node, members, notes)
    if len(members) == 3:
        raise SesError("signature_shape", "a signature has 2 members (v1) or 4 to 5 (v4, v5); this structure has 3")
    return _v4(node, members, notes)


def _v4(node: Tlv, members: list[Tlv], notes: Notes) -> SealSignature:
    """GB/T 38540-2020 (and GM/T 0031-2025): certificate, algorithm and value stand beside toSign."""
    to_sign = liberal.fields(members[0], "toSign", 5, 6)
    liberal.integer(to_sign[0], "toSign version")
    seal = read_seal(to_sign[1], notes)
    if len(to_sign) == 6:
        note_extensions(to_sign[5], "toSign", notes)
    if seal.version == "v1":
        notes.append("signature: a v1 seal in the shape of a v4 signature")
    return SealSignature(
        der=node.raw,
        version="v5" if seal.version == "v5" else "v4",
        seal=seal,
        certificate=liberal.octets(members[1], "signer certificate", notes),
        extra_certificates=(),
        algorithm=liberal.oid(members[2], "signature algorithm", notes),
        signed=tlv.as_signed(members[0]),
        signature=liberal.sm2_value(liberal.bits(members[3], "signature", notes), "signature", notes),
        data_hash=liberal.bits(to_sign[3], "dataHash", notes),
        property_info=_property_info(to_sign[4], notes),
        time=liberal.time(to_sign[2], "timeInfo", notes),
        time_has_zone=liberal.names_zone(to_sign[2].content),
        time_stamp=time_stamp(members[4], "signature", notes) if len(members) == 5 else None,
        notes=tuple(notes),
    )


def _v1(node: Tlv, members: list[Tlv], notes: Notes) -> SealSignature:
    """GM/T 0031-2014: certificate and algorithm stand inside toSign; timeInfo is a token or text."""
    to_sign = liberal.fields(members[0], "toSign", 7, 8)
    liberal.integer(to_sign[0], "toSign version")
    seal = read_seal(to_sign[1], notes)
    if seal.version != "v1":
        notes.append(f"signature: a {seal.version} seal in the shape of a v1 signature")
    moment, token = _v1_time(to_sign[2], notes)
    return SealSignature(
        der=node.raw,
        version="v1",
        seal=seal,
        certificate=liberal.octets(to_sign[5], "signer certificate", notes),
        extra_certificates=(),
        algorithm=liberal.oid(to_sign[6], "signature algorithm", notes),
        signed=tlv.as_signed(members[0]),
        signature=liberal.sm2_value(liberal.bits(members[1], "signature", notes), "signature", notes),
        data_hash=liberal.bits(to_sign[3], "dataHash", notes),
        property_info=_property_info(to_sign[4], notes),
        time=moment,
        time_has_zone=token is not None or liberal.names_zone(to_sign[2].content),
        time_stamp=token,
        notes=tuple(notes),
    )


def _property_info(node: Tlv, notes: Notes) -> str:
    written = liberal.text(node, "propertyInfo", notes)
    if written != written.strip():
        notes.append("propertyInfo: white space around it")
    return written.strip()


def _v1_time(node: Tlv, notes: Notes) -> tuple[datetime | None, bytes | None]:
    if node.tag in (tlv.GENERALIZED_TIME, tlv.UTC_TIME):
        return liberal.time(node, "timeInfo", notes), None
    content = liberal.bits(node, "timeInfo", notes)
    if content[:1] == b"\x30":
        try:
            return read_time_stamp(content).moment, content
        except SesError as error:
            notes.append(f"timeInfo: {error}")
            return None, content
    return liberal.time_text(content.decode("ascii", "replace"), "timeInfo", notes), None


def _from_signed_data(node: Tlv, notes: Notes) -> SealSignature:
    data = read_signed_data(node, notes)
    return SealSignature(
        der=node.raw,
        version="35275",
        seal=None,
        certificate=data.certificate,
        extra_certificates=data.extra_certificates,
        algorithm=data.algorithm,
        signed=data.signed,
        signature=data.signature,
        data_hash=data.data_hash,
        property_info="",
        time=data.time,
        time_has_zone=True,
        time_stamp=data.time_stamp,
        notes=tuple(notes),
        digest_algorithm=data.digest_algorithm,
        crls=data.crls,
    )


def _bare(node: Tlv, notes: Notes) -> SealSignature:
    notes.append("signature value: an SM2 value alone, without certificate")
    return SealSignature(
        der=node.raw,
        version="bare",
        seal=None,
        certificate=None,
        extra_certificates=(),
        algorithm=oids.SM2_WITH_SM3,
        signed=None,
        signature=node.raw,
        data_hash=None,
        property_info="",
        time=None,
        time_has_zone=True,
        time_stamp=None,
        notes=tuple(notes),
    )
