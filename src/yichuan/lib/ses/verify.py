"""The checks on a seal and on a signature made with it (GB/T 38540-2020, 6.3 and 7.3), each a named step.

Everything is checked over the original bytes. `trust` are the certificates the caller relies on; `at` is the time
of the check (aware); `crls` are the revocation lists the caller has, None when revocation is not to be asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from yichuan.lib.gm._known import signed_with
from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate, Usage

from . import oids
from .certificates import key_and_name, path_step
from .errors import SesError
from .revocation import lists_inside, revocation_step
from .seal import Seal
from .sign import in_seal_list
from .signature import SealSignature
from .status_list import StatusList, seal_status_step
from .steps import Step, step
from .time_stamp import check_time_stamp
from .times import prove_time, time_steps

__all__ = ["content_steps", "seal_steps", "signer_steps", "time_steps", "with_known_signer"]


def seal_steps(
    seal: Seal,
    *,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None = None,
    status_lists: Sequence[StatusList] | None = None,
    claimed: datetime | None = None,
    existed: datetime | None = None,
) -> list[Step]:
    """seal_structure, seal_maker_signature, seal_maker_certificate, seal_time_stamp where a v5 seal has one, and
    seal_maker_revocation where `crls` are given, seal_status where `status_lists` are.

    The maker's certificate had to be good when the seal was made (at `at` where the seal does not say when). `existed`
    is when the seal was there beyond doubt: the proven time of a signature made with it, `claimed` its own.
    """
    used = existed
    made = min(seal.created or at, at)
    maker, chain = path_step(
        "seal_maker_certificate",
        seal.maker_certificate,
        seal.certificates,
        trust=trust,
        at=made,
        usage=Usage.SEAL_MAKING,
    )
    steps = [
        step("seal_structure", True, "seal_read", version=seal.version, name=seal.name),
        _signature_step("seal_maker_signature", seal.maker_certificate, seal.algorithm, seal.signature, [seal.signed]),
        maker,
    ]
    if seal.time_stamp is not None:
        stamped, proven = check_time_stamp(
            "seal_time_stamp", seal.time_stamp, seal.signature, trust=trust, at=at, crls=crls
        )
        steps.append(stamped)
        existed = proven or existed
    if crls is not None:
        name = "seal_maker_revocation"
        steps.append(revocation_step(name, chain, crls, at=at, claimed=seal.created, proven=existed))
    if status_lists is not None:
        steps.append(seal_status_step(seal, status_lists, trust=trust, at=at, crls=crls, claimed=claimed, proven=used))
    return steps


def content_steps(signature: SealSignature, content: bytes, name: str = "Signature.xml") -> list[Step]:
    """data_hash, signature_algorithm, signature: did the certificate's holder sign `content`, called `name`?"""
    if signature.digest_algorithm not in oids.SM3_ALIASES:
        named = oids.spoken(signature.digest_algorithm)
        undecided = ("data_hash", "signature_algorithm", "signature")
        return [step(each, None, "algorithm_unsupported", name=named) for each in undecided]
    digest = sm3(content)
    signed = [signature.signed] if signature.signed is not None else [digest, content]
    if signature.certificate is None:
        maths = step("signature", None, "certificate_absent")
    else:
        maths = _signature_step("signature", signature.certificate, signature.algorithm, signature.signature, signed)
    if signature.data_hash is not None:
        same = signature.data_hash == digest
        hashed = step("data_hash", same, "hash_matches" if same else "hash_differs", name=name)
    elif signature.signed is None and maths.ok is not None:
        hashed = step("data_hash", maths.ok, "hash_matches" if maths.ok else "hash_differs", name=name)
    else:
        # Content that is no digest: only Signature.xml itself vouches for Signature.xml.
        same = signature.signed == content
        unknown = signature.signed is None
        hashed = step("data_hash", None if unknown else same, "hash_matches" if same else "hash_absent", name=name)
    return [hashed, _algorithm_step(signature), maths]


def with_known_signer(signature: SealSignature, content: bytes, trust: list[Certificate]) -> SealSignature:
    """A signature value that brings no certificate takes the one of `trust` whose key made it over `content`."""
    if signature.certificate is not None:
        return signature
    signed = [signature.signed] if signature.signed is not None else [sm3(content), content]
    for certificate in trust:
        try:
            key = certificate.public_key
        except GmError:
            continue
        if any(key.verify(signature.signature, message) for message in signed):
            return replace(signature, certificate=certificate.der)
    return signature


def _signature_step(name: str, certificate: bytes, algorithm: str, value: bytes, signed: list[bytes]) -> Step:
    """Whether the certificate's key made `value` over one of `signed`. The same is asked again and again, of a letter
    as it is sent and as each of its receivers takes it in: mathematics, whatever the moment."""
    try:
        key, holder = key_and_name(certificate)
    except (GmError, SesError) as error:
        if error.code not in ("unsupported_key", "not_sm2"):
            return step(name, False, "certificate_unreadable", detail=error)
        return step(name, None, "key_unsupported", name=oids.spoken(algorithm), detail=error)
    if any(signed_with(key, value, message) for message in signed):
        return step(name, True, "signature_holds", name=holder)
    if algorithm not in oids.SM2_ALIASES:
        return step(name, False, "algorithm_differs", name=oids.spoken(algorithm))
    return step(name, False, "signature_false", name=holder)


def _algorithm_step(signature: SealSignature) -> Step:
    name = "signature_algorithm"
    written = signature.algorithm
    if written == oids.SM2_WITH_SM3 or (signature.version == "35275" and written == oids.SM2_SIGN):
        return step(name, True, "algorithm")
    if written in oids.SM2_ALIASES:
        return step(name, True, "algorithm_alias", name=written)
    try:
        key_and_name(signature.certificate or b"")
    except (GmError, SesError):
        return step(name, None, "algorithm_unsupported", name=oids.spoken(written))
    return step(name, False, "algorithm_differs", name=oids.spoken(written))


def signer_steps(
    signature: SealSignature, *, trust: list[Certificate], at: datetime, crls: Sequence[Crl] | None = None
) -> list[Step]:
    """signer_in_seal_list (with a seal), signer_certificate and, where a list was given or lies inside and speaks,
    signer_revocation, else revocation. The certificate had to be good when it signed."""
    if signature.certificate is None:
        return [step("signer_certificate", None, "certificate_absent")]
    steps = []
    others = list(signature.extra_certificates)
    if signature.seal is not None:
        if in_seal_list(signature.seal, signature.certificate):
            steps.append(step("signer_in_seal_list", True, "in_list"))
        else:
            name = _holder(signature.certificate)
            steps.append(step("signer_in_seal_list", False, "not_in_list", name=name))
        others += [*signature.seal.certificates, signature.seal.maker_certificate]
    _, proven = prove_time(signature, trust=trust, at=at, crls=crls)
    claimed = signature.time or proven
    path, chain = path_step(
        "signer_certificate",
        signature.certificate,
        others,
        trust=trust,
        at=min(claimed or at, at),
        usage=Usage.SIGNATURE,
    )
    lists = [*(crls or ()), *lists_inside(signature.crls)]
    asked = revocation_step("signer_revocation", chain, lists, at=at, claimed=claimed, proven=proven)
    if crls is None and asked.ok is None and asked.finding != "revoked_since":
        asked = step("revocation", None, "revocation_not_asked")
    return [*steps, path, asked]


def _holder(certificate: bytes) -> str:
    try:
        return key_and_name(certificate)[1]
    except (GmError, SesError):
        return "?"
