"""SES_Signature of GB/T 38540-2020 as the standard writes it down: what is made must be this in strict DER."""

from asn1crypto import core

from yichuan.lib.ses.asn1 import ExtensionDatas, SealValue


class ToSign(core.Sequence):
    _fields = [
        ("version", core.Integer),
        ("seal", SealValue),
        ("time", core.GeneralizedTime),
        ("data_hash", core.OctetBitString),
        ("property_info", core.IA5String),
        ("extensions", ExtensionDatas, {"explicit": 0, "optional": True}),
    ]


class SignatureValue(core.Sequence):
    _fields = [
        ("to_sign", ToSign),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
        ("signature", core.OctetBitString),
        ("time_stamp", core.OctetBitString, {"explicit": 0, "optional": True}),
    ]
