"""The checks on a seal and on a signature made with it (GB/T 38540-2020, 6.3 and 7.3), each a named step.

Everything is checked over the original bytes. `trust` are the certificates the caller relies on; `at` is the time
of the check (aware).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate, Usage

from . import oids
from .certificates import key_and_name, path_step, read_certificate
from .errors import SesError
from .seal import Seal
from .sign import in_seal_list
from .signature import SealSignature
from .steps import Step, step
from .time_stamp import check_time_stamp

#: How far two honest clocks may differ.
CLOCK_SKEW = timedelta(minutes=5)
_NO_ZONE = timedelta(hours=8)


def seal_steps(seal: Seal, *, trust: list[Certificate], at: datetime) -> list[Step]:
    """seal_structure, seal_maker_signature, seal_maker_certificate, and seal_time_stamp where a v5 seal has one.

    The maker's certificate had to be good when the seal was made (at `at` where the seal does not say when).
    """
    made = seal.created or at
    steps = [
        step("seal_structure", True, "seal_read", version=seal.version, name=seal.name),
        _signature_step("seal_maker_signature", seal.maker_certificate, seal.algorithm, seal.signature, [seal.signed]),
        path_step(
            "seal_maker_certificate",
            seal.maker_certificate,
            seal.certificates,
            trust=trust,
            at=min(made, at),
            usage=Usage.SEAL_MAKING,
        ),
    ]
    if seal.time_stamp is not None:
        steps.append(check_time_stamp("seal_time_stamp", seal.time_stamp, seal.signature, trust=trust, at=at)[0])
    return steps


def content_steps(signature: SealSignature, content: bytes) -> list[Step]:
    """data_hash, signature_algorithm, signature: did the certificate's holder sign `content` (Signature.xml)?"""
    digest = sm3(content)
    signed = [signature.signed] if signature.signed is not None else [digest, content]
    if signature.certificate is None:
        maths = step("signature", None, "certificate_absent")
    else:
        maths = _signature_step("signature", signature.certificate, signature.algorithm, signature.signature, signed)
    if signature.data_hash is not None:
        same = signature.data_hash == digest
        hashed = step("data_hash", same, "hash_matches" if same else "hash_differs")
    elif signature.signed is None and maths.ok is not None:
        hashed = step("data_hash", maths.ok, "hash_matches" if maths.ok else "hash_differs")
    else:
        # Content that is no digest: only Signature.xml itself vouches for Signature.xml.
        same = signature.signed == content
        unknown = signature.signed is None
        hashed = step("data_hash", None if unknown else same, "hash_matches" if same else "hash_absent")
    return [hashed, _algorithm_step(signature), maths]


def _signature_step(name: str, certificate: bytes, algorithm: str, value: bytes, signed: list[bytes]) -> Step:
    try:
        key, holder = key_and_name(certificate)
    except (GmError, SesError) as error:
        unsupported = error.code in ("unsupported_key", "not_sm2")
        return step(name, None if unsupported else False, "certificate_unreadable", detail=error)
    if any(key.verify(value, message) for message in signed):
        return step(name, True, "signature_holds", name=holder)
    if algorithm not in oids.SM2_ALIASES:
        return step(name, False, "algorithm_differs", name=algorithm)
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
        return step(name, None, "algorithm_unsupported", name=written)
    return step(name, False, "algorithm_differs", name=written)


def signer_steps(signature: SealSignature, *, trust: list[Certificate], at: datetime) -> list[Step]:
    """signer_in_seal_list (with a seal) and signer_certificate. The certificate had to be good when it signed."""
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
    signed_at = min(signature.time or at, at)
    steps.append(
        path_step("signer_certificate", signature.certificate, others, trust=trust, at=signed_at, usage=Usage.SIGNATURE)
    )
    return steps


def _holder(certificate: bytes) -> str:
    try:
        return key_and_name(certificate)[1]
    except (GmError, SesError):
        return "?"


def time_steps(signature: SealSignature, *, trust: list[Certificate], at: datetime) -> list[Step]:
    """signing_time, seal_period, certificate_period, time_stamp."""
    stamped, proven = _time_stamp_step(signature, trust, at)
    claimed = signature.time
    if claimed is None and proven is None:
        return [step("signing_time", None, "time_absent"), stamped]
    # A time without a zone is Chinese time or, from some makers, UTC: eight hours later.
    possible = [] if claimed is None else [claimed] if signature.time_has_zone else [claimed, claimed + _NO_ZONE]
    steps = [_signing_time_step(claimed, proven, at)]
    if signature.seal is not None:
        period = signature.seal.valid_from, signature.seal.valid_to
        steps.append(_period_step("seal_period", possible, proven, *period))
    if signature.certificate is not None:
        try:
            certificate = read_certificate(signature.certificate)
        except GmError:
            steps.append(step("certificate_period", None, "period_unreadable"))
        else:
            limits = certificate.not_before, certificate.not_after
            steps.append(_period_step("certificate_period", possible, proven, *limits))
    return [*steps, stamped]


def _time_stamp_step(signature: SealSignature, trust: list[Certificate], at: datetime) -> tuple[Step, datetime | None]:
    if signature.time_stamp is None:
        return step("time_stamp", None, "stamp_absent"), None
    if signature.version == "v1":
        return step("time_stamp", None, "stamp_inside"), None
    return check_time_stamp("time_stamp", signature.time_stamp, signature.signature, trust=trust, at=at)


def _signing_time_step(claimed: datetime | None, proven: datetime | None, at: datetime) -> Step:
    if claimed is not None and claimed > at + CLOCK_SKEW:
        return step("signing_time", False, "time_future", time=_shown(claimed))
    if proven is None:
        return step("signing_time", None, "time_claimed", time=_shown(claimed or at))
    if claimed is not None and claimed > proven + CLOCK_SKEW:
        return step("signing_time", False, "time_contradicted", time=_shown(claimed))
    return step("signing_time", True, "time_proven", time=_shown(proven))


def _period_step(
    name: str, possible: list[datetime], proven: datetime | None, start: datetime | None, end: datetime | None
) -> Step:
    """Within the period lie the proven time and, in one of its readings, the claimed one."""
    if start is None or end is None:
        return step(name, None, "period_unreadable")
    shown = {"start": _shown(start), "end": _shown(end)}
    if proven is not None and not start <= proven <= end:
        return step(name, False, "outside", time=_shown(proven), **shown)
    if possible and not any(start <= moment <= end for moment in possible):
        return step(name, False, "outside", time=_shown(possible[0]), **shown)
    return step(name, True, "within", **shown)


def _shown(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
