"""The structure of a seal (GB/T 38540-2020) as it is written (DER). Reading is elsewhere and more forgiving."""

# mypy: disable-error-code="misc"
# asn1crypto has no types: its base classes are Any.

from __future__ import annotations

from asn1crypto import core

CERTIFICATES, CERTIFICATE_DIGESTS = 1, 2
"""What a seal's list of signers holds (certListType)."""


class Header(core.Sequence):
    _fields = [("id", core.IA5String), ("version", core.Integer), ("vendor_id", core.IA5String)]


class PictureInfo(core.Sequence):
    _fields = [("kind", core.IA5String), ("data", core.OctetString), ("width", core.Integer), ("height", core.Integer)]


class CertificateList(core.SequenceOf):
    _child_spec = core.OctetString


class CertificateDigest(core.Sequence):
    _fields = [("kind", core.PrintableString), ("value", core.OctetString)]


class CertificateDigestList(core.SequenceOf):
    _child_spec = CertificateDigest


class PropertyInfo(core.Sequence):
    """certListType 1: the certificates themselves; 2: their digests."""

    _fields = [
        ("kind", core.Integer),
        ("name", core.UTF8String),
        ("certificate_list_type", core.Integer),
        ("certificates", core.Any),
        ("created", core.GeneralizedTime),
        ("valid_from", core.GeneralizedTime),
        ("valid_to", core.GeneralizedTime),
    ]

    def _list_spec(self) -> type[core.SequenceOf]:
        return CertificateList if self["certificate_list_type"].native == CERTIFICATES else CertificateDigestList

    _spec_callbacks = {"certificates": _list_spec}


class ExtensionData(core.Sequence):
    _fields = [("id", core.ObjectIdentifier), ("critical", core.Boolean), ("value", core.OctetString)]


class ExtensionDatas(core.SequenceOf):
    _child_spec = ExtensionData


class SealInfo(core.Sequence):
    _fields = [
        ("header", Header),
        ("seal_id", core.IA5String),
        ("properties", PropertyInfo),
        ("picture", PictureInfo),
        ("extensions", ExtensionDatas, {"optional": True}),
    ]


class SealValue(core.Sequence):
    """`time_stamp` is for version 5 alone (GM/T 0031-2025)."""

    _fields = [
        ("info", SealInfo),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
        ("signature", core.OctetBitString),
        ("time_stamp", core.OctetBitString, {"explicit": 0, "optional": True}),
    ]
