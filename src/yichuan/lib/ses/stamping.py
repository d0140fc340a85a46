"""Putting a time stamp token into a finished signature value or seal: the field timeStamp of GB/T 38540-2020 (v4) and
GM/T 0031-2025 (v5), the unsigned attribute of RFC 3161 appendix A in a GB/T 35275 signature."""

from __future__ import annotations

from yichuan.lib.gm.sm3 import sm3

from . import der, oids, tlv
from .errors import SesError
from .plain import attribute
from .seal import Seal, parse_seal
from .signature import parse_signature
from .time_stamp import read_time_stamp
from .tlv import Tlv


def with_time_stamp(value: bytes, token: bytes) -> bytes:
    """`value` (SignedValue.dat, DER) with the token; what its signer signed keeps every byte.

    Raises SesError: `time_stamp` (no token), `time_stamp_imprint` (a token over something else than the signature
    inside), `time_stamp_twice`, `time_stamp_place` (a value of a kind that has no place for one).
    """
    signature = parse_signature(value)
    if signature.version not in ("v4", "v5", "35275"):
        raise SesError("time_stamp_place", f"a {signature.version} signature has no place for a time stamp")
    if signature.time_stamp is not None:
        raise SesError("time_stamp_twice", "the signature bears a time stamp already; keep that")
    check_imprint(token, signature.signature)
    node = tlv.read(value)
    if signature.version == "35275":
        return _in_signed_data(node, token)
    return _with_field(node, token)


def seal_with_time_stamp(seal: Seal, token: bytes) -> Seal:
    """A v5 seal with a token over its maker's signature (`Seal.signature`), for the time it was made.

    Raises SesError: `time_stamp`, `time_stamp_imprint`, `time_stamp_twice`, `time_stamp_place` (not a v5 seal).
    """
    if seal.version != "v5":
        raise SesError("time_stamp_place", f"a {seal.version} seal has no place for a time stamp; make a v5 seal")
    if seal.time_stamp is not None:
        raise SesError("time_stamp_twice", "the seal bears a time stamp already; keep that")
    check_imprint(token, seal.signature)
    return parse_seal(_with_field(tlv.read(seal.der), token))


def check_imprint(token: bytes, stamped: bytes) -> None:
    """Raises SesError `time_stamp` or `time_stamp_imprint` unless the token is over `stamped`; of whom is not asked."""
    stamp = read_time_stamp(token)
    if stamp.imprint_algorithm not in oids.SM3_ALIASES or stamp.imprint != sm3(stamped):
        raise SesError("time_stamp_imprint", "the time stamp is over something else; ask for one over this signature")


def _in_signed_data(node: Tlv, token: bytes) -> bytes:
    kind, wrapped = node.children()
    members = wrapped.children()[0].children()
    unsigned = tlv.encode(tlv.CONTEXT_1, attribute(oids.TIME_STAMP_ATTRIBUTE, token))
    signers = tlv.encode(tlv.SET, _longer(members[-1].children()[0], unsigned))
    data = der.sequence(*(each.raw for each in members[:-1]), signers)
    return der.sequence(kind.raw, tlv.encode(tlv.CONTEXT_0, data))


def _with_field(node: Tlv, token: bytes) -> bytes:
    return _longer(node, tlv.encode(tlv.CONTEXT_0, der.bits(token)))


def _longer(node: Tlv, member: bytes) -> bytes:
    """The SEQUENCE with one more member at its end."""
    return tlv.encode(node.tag, node.data[node.body : node.body_end] + member)
