"""GB/T 35275 signedData as the value of a digital signature without a seal (Type="Sign").

Form A: the content is the digest of Signature.xml and SM2 signs that content. Form B: signed attributes hold the
digest (messageDigest) and SM2 signs the attributes as a SET.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime

from yichuan.lib.gm.sm3 import sm3

from . import liberal, oids, tlv
from .errors import SesError
from .liberal import Notes
from .tlv import Tlv


@dataclass(frozen=True, slots=True)
class SignedData:
    """`content` is None when it is detached; `signed` too when, besides, no attributes are signed."""

    content: bytes | None = field(repr=False)
    certificate: bytes | None = field(repr=False)
    extra_certificates: tuple[bytes, ...] = field(repr=False)
    digest_algorithm: str
    algorithm: str
    signed: bytes | None = field(repr=False)
    signature: bytes = field(repr=False)
    data_hash: bytes | None
    time: datetime | None
    time_stamp: bytes | None = field(repr=False)
    crls: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Bag:
    """What the signers of one signedData share."""

    content: bytes | None
    certificates: tuple[bytes, ...]
    crls: tuple[bytes, ...]


def read_signed_data(node: Tlv, notes: Notes) -> SignedData:
    """Read ContentInfo{ signedData } with its first signer. Raises SesError when it holds none."""
    what = "signed data"
    content_type, wrapped = liberal.fields(node, what, 2, 2)
    kind = liberal.oid(content_type, what, notes)
    if kind not in (oids.SIGNED_DATA, oids.PKCS7_SIGNED_DATA):
        raise SesError("signed_data_type", f"signed data: content type {kind} is no signedData of GB/T 35275")
    if kind == oids.PKCS7_SIGNED_DATA:
        notes.append("signed data: PKCS #7 identifiers in place of those of GB/T 35275")
    members = liberal.fields(liberal.inside(wrapped, what), what, 4, 6)
    content = _content(members[2], notes)
    bags: dict[int, tuple[bytes, ...]] = {tlv.CONTEXT_0: (), tlv.CONTEXT_1: ()}
    signers: Tlv | None = None
    for member in members[3:]:
        if member.tag in bags:
            bags[member.tag] = tuple(each.raw for each in member.children())
        elif member.tag == tlv.SET:
            signers = member
    infos = signers.children() if signers is not None else []
    if not infos:
        raise SesError("signed_data_signer", "signed data: no signerInfo; nobody has signed")
    if len(infos) > 1:
        notes.append(f"signed data: {len(infos)} signers, the first is read")
    return _signer(infos[0], _Bag(content, bags[tlv.CONTEXT_0], bags[tlv.CONTEXT_1]), notes)


def _content(node: Tlv, notes: Notes) -> bytes | None:
    members = liberal.fields(node, "signed data content", 1, 2)
    if len(members) == 1:
        return None
    return liberal.octets(liberal.inside(members[1], "signed data content"), "signed data content", notes)


def _signer(node: Tlv, bag: _Bag, notes: Notes) -> SignedData:
    what, content = "signer information", bag.content
    members = liberal.fields(node, what, 5, 7)
    digest = liberal.oid(liberal.fields(members[2], "signer digest algorithm", 1, 2)[0], what, notes)
    attributes = members[3] if members[3].tag == tlv.CONTEXT_0 else None
    rest = members[4:] if attributes is not None else members[3:]
    if len(rest) < 2:
        raise SesError("asn1", f"{what}: the signature is missing")
    algorithm = liberal.oid(liberal.fields(rest[0], "signer algorithm", 1, 2)[0], what, notes)
    certificate = _certificate_of(members[1], bag.certificates, notes)
    signed, data_hash, moment = content, _digest(content), None
    if attributes is not None:
        signed = tlv.encode(tlv.SET, attributes.der()[_header(attributes.der()) :])
        data_hash, moment = _attributes(attributes, notes)
        if content is not None and data_hash == sm3(content):
            data_hash = _digest(content) or data_hash  # the digest is over the content, and that is a digest itself
    return SignedData(
        content=content,
        certificate=certificate,
        extra_certificates=tuple(each for each in bag.certificates if each != certificate),
        digest_algorithm=digest,
        algorithm=algorithm,
        signed=signed,
        signature=liberal.sm2_value(liberal.octets(rest[1], "signer signature", notes), "signer signature", notes),
        data_hash=data_hash,
        time=moment,
        time_stamp=_time_stamp(rest[2], notes) if len(rest) == 3 and rest[2].tag == tlv.CONTEXT_1 else None,
        crls=bag.crls,
    )


def _header(value: bytes) -> int:
    return tlv.read(value).body


def _digest(content: bytes | None) -> bytes | None:
    """The 32 bytes a content stands for: themselves, or as base64 or hexadecimal text."""
    if content is None or len(content) == 32:
        return content
    text = b"".join(content.split())
    try:
        decoded = bytes.fromhex(text.decode("ascii")) if len(text) == 64 else base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return decoded if len(decoded) == 32 else None


def _attributes(node: Tlv, notes: Notes) -> tuple[bytes | None, datetime | None]:
    digest, moment = None, None
    for attribute in node.children():
        name, values = liberal.fields(attribute, "signed attribute", 2, 2)
        kind = liberal.oid(name, "signed attribute", notes)
        items = values.children()
        if kind == oids.MESSAGE_DIGEST and len(items) == 1:
            if digest is not None:
                raise SesError("signed_data_digest", "signed attributes: messageDigest stands twice")
            digest = liberal.octets(items[0], "messageDigest", notes)
        elif kind == oids.SIGNING_TIME and len(items) == 1:
            moment = liberal.time(items[0], "signingTime", notes)
    if digest is None:
        raise SesError("signed_data_digest", "signed attributes: messageDigest is missing; nothing is vouched for")
    return digest, moment


def _time_stamp(unsigned: Tlv, notes: Notes) -> bytes | None:
    """The time stamp token among the unsigned attributes (RFC 3161, appendix A)."""
    for attribute in unsigned.children():
        name, values = liberal.fields(attribute, "unsigned attribute", 2, 2)
        if liberal.oid(name, "unsigned attribute", notes) == oids.TIME_STAMP_ATTRIBUTE:
            tokens = values.children()
            return tokens[0].raw if tokens else b""
    return None


def _certificate_of(identifier: Tlv, certificates: tuple[bytes, ...], notes: Notes) -> bytes | None:
    """The certificate that issuerAndSerialNumber names; the only one there is when none fits."""
    if identifier.tag == tlv.SEQUENCE:  # else a key identifier, which GB/T 35275 does not know
        issuer, serial = liberal.fields(identifier, "issuerAndSerialNumber", 2, 2)
        for der in certificates:
            tbs = liberal.fields(tlv.read(der), "certificate", 3, 3)[0]
            members = liberal.fields(tbs, "certificate", 6, 10)
            offset = 1 if members[0].tag == tlv.CONTEXT_0 else 0
            if members[offset].content == serial.content and members[offset + 2].raw == issuer.raw:
                return der
    if len(certificates) == 1:
        notes.append("signed data: the signer's issuer and serial number do not name the certificate inside")
        return certificates[0]
    return None
