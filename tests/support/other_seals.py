"""Seal structures of other standards and makers, built octet by octet: v1, v5, GB/T 35275."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from asn1crypto import core
from asn1crypto import x509 as asn1_x509

from support.seals import NOW, PNG, YEAR, Holder, make_holder
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate, Profile
from yichuan.lib.ses import oids, tlv


def sequence(*members: bytes) -> bytes:
    return tlv.encode(tlv.SEQUENCE, b"".join(members))


def integer(value: int) -> bytes:
    der: bytes = core.Integer(value).dump()
    return der


def oid(dotted: str) -> bytes:
    der: bytes = core.ObjectIdentifier(dotted).dump()
    return der


def octets(value: bytes) -> bytes:
    return tlv.encode(tlv.OCTET_STRING, value)


def bits(value: bytes, unused: int = 0) -> bytes:
    return tlv.encode(tlv.BIT_STRING, bytes((unused,)) + value)


def ia5(value: str) -> bytes:
    return tlv.encode(tlv.IA5_STRING, value.encode())


def utc_time(moment: datetime) -> bytes:
    return tlv.encode(tlv.UTC_TIME, moment.strftime("%y%m%d%H%M%SZ").encode())


def generalized(moment: datetime, form: str = "%Y%m%d%H%M%SZ") -> bytes:
    return tlv.encode(tlv.GENERALIZED_TIME, moment.strftime(form).encode())


def seal_info(
    *signers: Holder,
    version: int = 1,
    name: bytes = "江门市人民政府办公室".encode(),
    times: tuple[bytes, bytes, bytes] | None = None,
    list_type: int | None = None,
    certificates: bytes | None = None,
    picture: bytes | None = None,
    extensions: bytes = b"",
) -> bytes:
    """SES_SealInfo; without `list_type` in the shape of v1, with it in that of v4."""
    listed = certificates or sequence(*(octets(each.certificate.der) for each in signers))
    if times is None:
        moments = (NOW - YEAR / 2, NOW - YEAR / 2, NOW + YEAR / 2)
        written = [utc_time(each) if list_type is None else generalized(each) for each in moments]
        times = (written[0], written[1], written[2])
    return sequence(
        sequence(ia5("ES"), integer(version), ia5("maker")),
        ia5("JM1"),
        sequence(
            integer(1),
            tlv.encode(tlv.UTF8_STRING, name),
            b"" if list_type is None else integer(list_type),
            listed,
            *times,
        ),
        picture or sequence(ia5("PNG"), octets(PNG), integer(45), integer(45)),
        extensions,
    )


def seal_v1(maker: Holder, info: bytes) -> bytes:
    """A seal of GM/T 0031-2014; its maker signs content, certificate and algorithm together."""
    tail = octets(maker.certificate.der) + oid(oids.SM2_WITH_SM3)
    return sequence(info, sequence(tail, bits(maker.key.sign(sequence(info, tail)))))


def seal_v4(maker: Holder, info: bytes, *more: bytes, value: bytes | None = None) -> bytes:
    """A seal of GB/T 38540 or, with `more`, of GM/T 0031-2025."""
    signed = value or bits(maker.key.sign(info))
    return sequence(info, octets(maker.certificate.der), oid(oids.SM2_WITH_SM3), signed, *more)


def signature_v1(seal: bytes, signer: Holder, xml: bytes, time: bytes) -> bytes:
    """SES_Signature of GM/T 0031-2014; `time` is the content of timeInfo."""
    to_sign = sequence(
        integer(1),
        seal,
        bits(time),
        bits(sm3(xml)),
        ia5("/Doc_0/Signs/Sign_0/Signature.xml\n"),
        octets(signer.certificate.der),
        oid(oids.SM2_WITH_SM3),
    )
    return sequence(to_sign, bits(signer.key.sign(to_sign)))


def signature_v4(
    seal: bytes,
    signer: Holder,
    xml: bytes,
    *,
    time: bytes | None = None,
    algorithm: str = oids.SM2_WITH_SM3,
    wrap: bytes | None = None,
    more: bytes = b"",
) -> bytes:
    """SES_Signature of GB/T 38540; `wrap` replaces the signature's BIT STRING."""
    path = ia5("/Doc_0/Signs/Sign_0/Signature.xml")
    to_sign = sequence(integer(4), seal, time or generalized(NOW), bits(sm3(xml)), path)
    value = wrap or bits(signer.key.sign(to_sign))
    return sequence(to_sign, octets(signer.certificate.der), oid(algorithm), value, more)


def signed_data(
    signer: Holder,
    xml: bytes,
    *,
    form: str,
    certificates: bool = True,
    carried: bytes | None = None,
    crls: tuple[bytes, ...] = (),
    stamped: Callable[[bytes], bytes] | None = None,
    digest_algorithm: str = oids.SM3,
) -> bytes:
    """GB/T 35275 signedData over Signature.xml: form "content" (A), "attributes" (B) or "detached".

    `carried` is the content inside, where that is not the digest of form A; `crls` are revocation lists beside it;
    `stamped` makes the time stamp token over the signature value.
    """
    digest = sm3(xml)
    certificate = asn1_x509.Certificate.load(signer.certificate.der)
    who = sequence(certificate.issuer.dump(), certificate["tbs_certificate"]["serial_number"].dump())
    sm3_algorithm = sequence(oid(digest_algorithm))
    attributes = b""
    message = digest
    if form == "attributes":
        inner = sequence(oid("1.2.840.113549.1.9.3"), tlv.encode(tlv.SET, oid("1.2.156.10197.6.1.4.2.1")))
        inner += sequence(oid(oids.SIGNING_TIME), tlv.encode(tlv.SET, utc_time(NOW)))
        inner += sequence(oid(oids.MESSAGE_DIGEST), tlv.encode(tlv.SET, octets(digest)))
        message = tlv.encode(tlv.SET, inner)
        attributes = tlv.encode(tlv.CONTEXT_0, inner)
    inside = digest if form == "content" else carried
    content = b"" if inside is None else tlv.encode(tlv.CONTEXT_0, octets(inside))
    signature = signer.key.sign(message)
    value = octets(signature)
    if stamped is not None:
        attribute = sequence(oid(oids.TIME_STAMP_ATTRIBUTE), tlv.encode(tlv.SET, stamped(signature)))
        value += tlv.encode(tlv.CONTEXT_1, attribute)
    data = sequence(
        integer(1),
        tlv.encode(tlv.SET, sm3_algorithm),
        sequence(oid("1.2.156.10197.6.1.4.2.1"), content),
        tlv.encode(tlv.CONTEXT_0, signer.certificate.der) if certificates else b"",
        tlv.encode(tlv.CONTEXT_1, b"".join(crls)) if crls else b"",
        tlv.encode(tlv.SET, sequence(integer(1), who, sm3_algorithm, attributes, sequence(oid(oids.SM2_SIGN)), value)),
    )
    return sequence(oid(oids.SIGNED_DATA), tlv.encode(tlv.CONTEXT_0, data))


def time_stamp(authority: Holder, stamped: bytes, moment: datetime) -> bytes:
    """A time stamp token over `stamped`."""
    info = sequence(
        integer(1),
        oid("1.2.3.4"),
        sequence(sequence(oid(oids.SM3)), octets(sm3(stamped))),
        integer(7),
        generalized(moment),
    )
    return signed_data(authority, info, form="attributes", carried=info)


def stamping_authority(root: Holder) -> Holder:
    """A holder whose certificate (extended key usage id-kp-timeStamping) may stamp times."""
    signer = make_holder(Profile.SIGNER, "江门市时间戳服务", root)
    certificate = asn1_x509.Certificate.load(signer.certificate.der)
    tbs = asn1_x509.TbsCertificate.load(certificate["tbs_certificate"].dump())
    extensions = [
        {"extn_id": "extended_key_usage", "critical": True, "extn_value": ["time_stamping"]}
        if each["extn_id"].native == "extended_key_usage"
        else each
        for each in tbs["extensions"]
    ]
    tbs["extensions"] = asn1_x509.Extensions(extensions)
    content = tbs.dump()
    der = sequence(content, certificate["signature_algorithm"].dump(), bits(root.key.sign(content)))
    return Holder(signer.key, Certificate.from_der(der))


def indefinite(der: bytes) -> bytes:
    """The same value in BER: constructed values with indefinite lengths."""
    node = tlv.read(der)
    if not node.tag & 0x20:
        return node.raw
    return bytes((node.tag, 0x80)) + b"".join(indefinite(each.raw) for each in node.children()) + b"\0\0"
