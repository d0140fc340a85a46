"""Verifying the signatures of an OFD (GB/T 38540-2020 7.3, GB/T 35275), each check a named step, over original bytes.

Nothing in a file makes this raise: what cannot be read or decided becomes a step that says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ses.signature import SealSignature
from yichuan.lib.ses.status_list import StatusList
from yichuan.lib.ses.steps import Step, step
from yichuan.lib.ses.times import prove_time
from yichuan.lib.ses.verify import content_steps, seal_steps, signer_steps, time_steps, with_known_signer

from .declared import Permissions
from .errors import Note
from .examining import Examined, ExaminedSignature, check_failed, examine
from .limits import Limits
from .package import Package
from .report import Report, SignatureReport
from .signatures import SignatureRecord


def verify(
    source: bytes | Package,
    *,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None = None,
    status_lists: Sequence[StatusList] | None = None,
    limits: Limits | None = None,
) -> Report:
    """Verify every signature of an OFD package, given as its bytes or opened already: `examine` and `judge`.

    `limits` bounds what is read of bytes (GB/T 38540-2020 7.3; GM/T 0099 for Relative and the list of files). A file
    that is no readable OFD gives `readable` False with a code; one without signatures gives none. Raises ValueError for
    a naive `at` only.
    """
    _require_aware(at)
    return judge(examine(source, limits), trust=trust, at=at, crls=crls, status_lists=status_lists)


def judge(
    examined: Examined,
    *,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None = None,
    status_lists: Sequence[StatusList] | None = None,
) -> Report:
    """The report on a package that was examined.

    `trust` are the certificates relied on (roots, or certificates below them); `at` is the time of the check (aware).
    With `crls`, even an empty sequence, every certificate below the trusted one must be spoken for by a list; with None
    only lists inside the file speak. With `status_lists`, even empty, one of them must tell how each seal stood when it
    was used. Raises ValueError for a naive `at` only.
    """
    _require_aware(at)
    by = _Judge(trust, at, crls, status_lists)
    found = examined.entries_list
    return Report(
        examined.error is None,
        examined.error,
        examined.detail,
        _related([each.record for each in examined.signatures], [by.report(each) for each in examined.signatures]),
        examined.permissions,
        (*examined.notes, *_outside_period(examined.permissions, at)),
        found.judged(trust=trust, at=at, crls=crls) if found is not None else None,
    )


def _require_aware(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("at must be aware: pass a datetime with a time zone")


def _outside_period(permissions: Permissions | None, at: datetime) -> tuple[Note, ...]:
    begin, end = (permissions.valid_from, permissions.valid_to) if permissions else (None, None)
    if (begin and at < begin) or (end and at > end):
        period = f"{begin.isoformat() if begin else '-'} to {end.isoformat() if end else '-'}"
        return (Note("outside_valid_period", f"Document.xml is to be used from {period} only."),)
    return ()


def _related(records: Sequence[SignatureRecord], reports: Sequence[SignatureReport]) -> tuple[SignatureReport, ...]:
    """The reports, with a step on the signatures that each builds on, down to the first (GM/T 0099, Relative)."""
    named = Counter(record.id for record in records)
    pairs = zip(records, reports, strict=True)
    # An ID that two signatures bear names neither.
    bases = {record.id: (record.relative, report) for record, report in pairs if named[record.id] == 1}
    return tuple(
        replace(report, steps=(*report.steps, _relative_step(record, bases))) if record.relative else report
        for record, report in zip(records, reports, strict=True)
    )


def _relative_step(record: SignatureRecord, bases: dict[str, tuple[str, SignatureReport]]) -> Step:
    seen, wanted, undecided = {record.id}, record.relative, ""
    while wanted:
        if wanted in seen:
            return step("relative", False, "relative_circle", name=wanted)
        if wanted not in bases:
            return step("relative", False, "relative_absent", name=wanted)
        seen.add(wanted)
        below, report = bases[wanted]
        if report.integrity == "failed":
            return step("relative", False, "relative_broken", name=wanted)
        if report.integrity != "ok":
            undecided = undecided or wanted
        wanted = below
    if undecided:
        return step("relative", None, "relative_open", name=undecided)
    return step("relative", True, "relative_holds", name=record.relative)


@dataclass(frozen=True)
class _Judge:
    """By whom and when signatures are judged."""

    trust: list[Certificate]
    at: datetime
    crls: Sequence[Crl] | None
    status_lists: Sequence[StatusList] | None

    def report(self, found: ExaminedSignature) -> SignatureReport:
        """The report on one signature; whatever goes wrong inside is a failed step."""
        steps, version = list(found.steps), "unknown"
        if found.signature is not None:
            version = found.signature.version
            try:
                self._signature(found, found.signature, steps)
            except Exception as problem:
                steps.append(check_failed(problem))
        steps.append(found.coverage_step)
        return SignatureReport(found.record.id, found.record.kind, version, found.coverage, tuple(steps))

    def _signature(self, found: ExaminedSignature, signature: SealSignature, steps: list[Step]) -> None:
        trust, at, crls = self.trust, self.at, self.crls
        signature = with_known_signer(signature, found.content, trust)
        steps += content_steps(signature, found.content)
        if found.seal_step is not None:
            steps.append(found.seal_step)
        if signature.seal is not None:
            _, proven = prove_time(signature, trust=trust, at=at, crls=crls)
            steps += seal_steps(
                signature.seal,
                trust=trust,
                at=at,
                crls=crls,
                status_lists=self.status_lists,
                claimed=signature.time,
                existed=proven,
            )
        steps += signer_steps(signature, trust=trust, at=at, crls=crls)
        steps += time_steps(signature, trust=trust, at=at, crls=crls)
