"""Verifying the signatures of an OFD (GB/T 38540-2020 7.3, GB/T 35275), each check a named step, over original bytes.

Nothing in a file makes this raise: what cannot be read or decided becomes a step that says so.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ses import liberal, oids
from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.signature import SealSignature, parse_signature
from yichuan.lib.ses.status_list import StatusList
from yichuan.lib.ses.steps import Step, listed, step
from yichuan.lib.ses.times import prove_time
from yichuan.lib.ses.verify import content_steps, seal_steps, signer_steps, time_steps, with_known_signer

from .declared import Permissions
from .digests import Digest, digest_method
from .entries_list import check_entries_list
from .errors import OfdError
from .limits import Limits
from .model import Document, read_document
from .package import Package
from .report import Coverage, Report, SignatureReport
from .signatures import Reference, SignatureFile, SignatureRecord, read_records, read_signature_file
from .signatures_coverage import seen_files


def verify(
    source: bytes | Package,
    *,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None = None,
    status_lists: Sequence[StatusList] | None = None,
    limits: Limits | None = None,
) -> Report:
    """Verify every signature of an OFD package, given as its bytes or opened already.

    `trust` are the certificates relied on (roots, or certificates below them); `at` is the time of the check (aware).
    With `crls`, even an empty sequence, every certificate below the trusted one must be spoken for by a list; with None
    only lists inside the file speak. With `status_lists`, even empty, one of them must tell how each seal stood when it
    was used. `limits` bounds what is read of bytes (GB/T 38540-2020 7.3; GM/T 0099 for Relative and
    the list of files). A file that is no readable OFD gives `readable` False with a code; one without signatures gives
    none. Raises ValueError for a naive `at` only.
    """
    if at.tzinfo is None:
        raise ValueError("at must be aware: pass a datetime with a time zone")
    try:
        package = source if isinstance(source, Package) else Package.open(source, limits)
        document, error, detail = _opened(package)
        records = read_records(package)
        entries_list = check_entries_list(package, trust=trust, at=at, crls=crls)
        checker = _Checker(package, trust, at, crls, status_lists) if records else None
    except Exception as problem:  # hostile bytes: whatever they provoke, the answer is a report
        return Report(False, _code(problem), str(problem), ())
    signatures = _related(records, [checker.check(record) for record in records]) if checker else ()
    permissions = document.permissions if document else None
    if permissions is not None:
        _note_permissions(package, permissions, signed=bool(records), at=at)
    return Report(error is None, error, detail, signatures, permissions, package.notes, entries_list)


def _opened(package: Package) -> tuple[Document | None, str | None, str]:
    """The document, or why it does not open; its signatures are checked all the same."""
    try:
        return read_document(package), None, ""
    except OfdError as problem:
        return None, problem.code, problem.message


def _note_permissions(package: Package, permissions: Permissions, *, signed: bool, at: datetime) -> None:
    if signed and not permissions.sign:
        package.note("signing_not_permitted", "Document.xml permits no signatures; there are some all the same.")
    begin, end = permissions.valid_from, permissions.valid_to
    if (begin and at < begin) or (end and at > end):
        period = f"{begin.isoformat() if begin else '-'} to {end.isoformat() if end else '-'}"
        package.note("outside_valid_period", f"Document.xml is to be used from {period} only.")


def _code(problem: Exception) -> str:
    return problem.code if isinstance(problem, OfdError) else "broken"


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


class _Checker:
    """The signatures of one package: entries are digested once, however many signatures cover them."""

    def __init__(
        self,
        package: Package,
        trust: list[Certificate],
        at: datetime,
        crls: Sequence[Crl] | None,
        status_lists: Sequence[StatusList] | None,
    ) -> None:
        self._package, self._trust, self._at, self._crls = package, trust, at, crls
        self._status_lists = status_lists
        self._digests: dict[tuple[Digest, str], bytes | None] = {}
        self._references_left = package.limits.references
        self._value_bytes_left = package.limits.signature_bytes
        self._parts: set[str] = set()
        self._seen, self._unread = seen_files(package)

    def check(self, record: SignatureRecord) -> SignatureReport:
        """The report on one signature; whatever goes wrong inside is a failed step."""
        steps: list[Step] = []
        version, coverage = "unknown", Coverage(False, tuple(sorted(self._seen)))
        try:
            file = self._signature_file(record, steps)
            if file is not None:
                coverage = self._references(file, steps)
                signature = self._value(file, steps)
                if signature is not None:
                    version = signature.version
                    self._signature(record, file, signature, steps)
        except Exception as problem:  # the last resort against hostile bytes: never a crash, never a pass
            steps.append(step("structure", False, "check_failed", detail=f"{type(problem).__name__}: {problem}"))
        finding = "uncovered" if coverage.uncovered else "covered"
        if coverage.uncovered and self._unread.issuperset(coverage.uncovered):
            finding = "unfollowed"
        steps.append(step("coverage", not coverage.uncovered, finding, names=listed(coverage.uncovered)))
        return SignatureReport(record.id, record.kind, version, coverage, tuple(steps))

    def _signature_file(self, record: SignatureRecord, steps: list[Step]) -> SignatureFile | None:
        if record.entry is None:
            steps.append(step("signature_file", False, "missing", name=record.base_loc or "Signature.xml"))
            return None
        if record.entry in self._parts:
            steps.append(step("signature_file", False, "shared", name=record.entry))
            return None
        self._parts.add(record.entry)
        try:
            file = read_signature_file(self._package, record.entry, most_references=self._references_left)
        except OfdError as problem:
            steps.append(step("signature_file", False, "unreadable", detail=problem))
            return None
        self._references_left -= len(file.references)
        return file

    def _references(self, file: SignatureFile, steps: list[Step]) -> Coverage:
        method = file.check_method or "MD5"
        digest, weak = digest_method(method)
        if digest is None:
            steps.append(step("digest_method", None, "digest_unknown", name=method))
            steps.append(step("references", None, "digest_unknown", name=method))
            return Coverage(False, tuple(sorted(self._seen)))
        finding = "digest_weak" if weak else "digest_method"
        steps.append(step("digest_method", None if weak else True, finding, name=method))
        changed = [each for each in file.references if not self._unchanged(each, digest)]
        if not file.references:
            steps.append(step("references", False, "nothing_protected"))
        elif changed:
            names = listed(each.entry or each.file_ref for each in changed)
            steps.append(step("references", False, "digests_differ", names=names))
        else:
            steps.append(step("references", True, "digests_match", count=len(file.references)))
        covered = {each.entry for each in file.references}
        own = {file.entry, file.value_entry}
        # The signature value is not protected by itself: bytes may follow it. Nor is what a list names that only
        # other readers can read.
        uncovered = tuple(sorted((self._seen - covered - {file.entry}) | self._unread))
        return Coverage(covered | own >= set(self._package.names()), uncovered)

    def _unchanged(self, reference: Reference, digest: Digest) -> bool:
        if reference.entry is None:
            return False
        key = (digest, reference.entry)
        if key not in self._digests:
            try:
                self._digests[key] = digest(self._package.read(reference.entry))
            except OfdError:
                self._digests[key] = None
        try:
            expected = base64.b64decode("".join(reference.check_value.split()), validate=True)
        except (binascii.Error, ValueError):
            return False
        return self._digests[key] == expected

    def _value(self, file: SignatureFile, steps: list[Step]) -> SealSignature | None:
        if file.value_entry is None:
            steps.append(step("structure", False, "missing", name="SignedValue"))
            return None
        if file.value_entry in self._parts:
            steps.append(step("structure", False, "shared", name=file.value_entry))
            return None
        self._parts.add(file.value_entry)
        try:
            signature = _with_written_time(parse_signature(self._value_bytes(file.value_entry)), file)
        except (SesError, OfdError) as problem:
            steps.append(step("structure", False, "unreadable", detail=problem))
            return None
        steps.append(step("structure", True, "read", version=signature.version))
        notes = list(signature.notes)
        if file.method and file.method.lower() not in oids.SM2_ALIASES and signature.algorithm in oids.SM2_ALIASES:
            notes.append(f"SignatureMethod: {file.method[:60]!r} is written for SM2 with SM3")
        if notes:
            steps.append(step("deviations", None, "deviations", detail="; ".join(notes)))
        return signature

    def _value_bytes(self, entry: str) -> bytes:
        value = self._package.read(entry)
        self._value_bytes_left -= len(value)
        if self._value_bytes_left < 0:
            most = self._package.limits.signature_bytes
            raise OfdError("signature_too_large", f"{entry}: more than {most} bytes of signature values are not read.")
        return value

    def _signature(
        self, record: SignatureRecord, file: SignatureFile, signature: SealSignature, steps: list[Step]
    ) -> None:
        content = self._package.read(file.entry)
        signature = with_known_signer(signature, content, self._trust)
        steps += content_steps(signature, content)
        trust, at, crls = self._trust, self._at, self._crls
        if signature.seal is None:
            claimed = bool(file.stamps) or file.seal_named or (record.kind == "Seal" and record.kind_written)
            steps.append(step("seal_structure", False if claimed else None, "seal_claimed" if claimed else "seal_none"))
        else:
            steps.append(self._seal_file(file, signature.seal.der))
            _, proven = prove_time(signature, trust=trust, at=at, crls=crls)
            steps += seal_steps(
                signature.seal,
                trust=trust,
                at=at,
                crls=crls,
                status_lists=self._status_lists,
                claimed=signature.time,
                existed=proven,
            )
        steps += signer_steps(signature, trust=trust, at=at, crls=crls)
        steps += time_steps(signature, trust=trust, at=at, crls=crls)

    def _seal_file(self, file: SignatureFile, seal: bytes) -> Step:
        if not file.seal_named:
            return step("seal_file", True, "seal_inside")
        if file.seal_entry is None:
            return step("seal_file", False, "missing", name="Seal.esl")
        # Some makers leave bytes after the seal in the file; drawing reads the structure alone.
        same = self._package.read(file.seal_entry) == seal
        return step("seal_file", same, "seal_same" if same else "seal_differs", name=file.seal_entry)


def _with_written_time(signature: SealSignature, file: SignatureFile) -> SealSignature:
    """A signature value without a time of its own takes that of Signature.xml, which it protects."""
    if signature.time is not None or signature.seal is not None or not file.time_text:
        return signature
    notes = list(signature.notes)
    moment = liberal.time_text(file.time_text, "SignatureDateTime", notes)
    zone = liberal.names_zone(file.time_text.encode())
    return replace(signature, time=moment, time_has_zone=zone, notes=tuple(notes))
