"""When a signature was made: what its signer says, what a time stamp proves, and whether that is within the periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate

from .certificates import read_certificate
from .signature import SealSignature
from .steps import Step, shown, step
from .time_stamp import check_earlier_stamp, check_time_stamp

#: How far two honest clocks may differ.
CLOCK_SKEW = timedelta(minutes=5)
_NO_ZONE = timedelta(hours=8)


def prove_time(
    signature: SealSignature, *, trust: list[Certificate], at: datetime, crls: Sequence[Crl] | None = None
) -> tuple[Step, datetime | None]:
    """The step time_stamp, and the time at which a stamp proves that the signature was there."""
    if signature.time_stamp is None:
        return step("time_stamp", None, "stamp_absent"), None
    token = signature.time_stamp
    if signature.version == "v1":
        digest, seal = signature.data_hash or b"", signature.seal.der if signature.seal else b""
        candidates = {"Signature.xml": digest, "dataHash": sm3(digest), "eseal": sm3(seal)}
        return check_earlier_stamp("time_stamp", token, candidates, trust=trust, at=at, crls=crls), None
    return check_time_stamp("time_stamp", token, signature.signature, trust=trust, at=at, crls=crls)


def time_steps(
    signature: SealSignature, *, trust: list[Certificate], at: datetime, crls: Sequence[Crl] | None = None
) -> list[Step]:
    """signing_time, seal_period, certificate_period, time_stamp."""
    stamped, proven = prove_time(signature, trust=trust, at=at, crls=crls)
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


def _signing_time_step(claimed: datetime | None, proven: datetime | None, at: datetime) -> Step:
    if claimed is not None and claimed > at + CLOCK_SKEW:
        return step("signing_time", False, "time_future", time=shown(claimed))
    if proven is None:
        return step("signing_time", None, "time_claimed", time=shown(claimed or at))
    if claimed is not None and claimed > proven + CLOCK_SKEW:
        return step("signing_time", False, "time_contradicted", time=shown(claimed))
    return step("signing_time", True, "time_proven", time=shown(proven))


def _period_step(
    name: str, possible: list[datetime], proven: datetime | None, start: datetime | None, end: datetime | None
) -> Step:
    """Within the period lie the proven time and, in one of its readings, the claimed one."""
    if start is None or end is None:
        return step(name, None, "period_unreadable")
    period = {"start": shown(start), "end": shown(end)}
    if proven is not None and not start <= proven <= end:
        return step(name, False, "outside", time=shown(proven), **period)
    if possible and not any(start <= moment <= end for moment in possible):
        return step(name, False, "outside", time=shown(possible[0]), **period)
    return step(name, True, "within", **period)
