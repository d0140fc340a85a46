"""What the bytes of an OFD say of its signatures, whoever is trusted and whenever it is asked (GB/T 38540-2020 7.3).

Unpacking, parsing and digesting are most of the work of a verification and follow from the file alone: whoever
verifies the same bytes again keeps what was found here and judges it anew (`verifying.judge`). Nothing in a file makes
this raise.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass, field, replace

from yichuan.lib.ses import liberal, oids
from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.signature import SealSignature, parse_signature
from yichuan.lib.ses.steps import Step, listed, step

from .declared import Permissions
from .digests import Digest, digest_method
from .entries_list import EntriesList, read_entries_list
from .errors import Note, OfdError
from .limits import Limits
from .model import Document, read_document
from .package import Package
from .report import Coverage
from .signatures import Reference, SignatureFile, SignatureRecord, read_records, read_signature_file
from .signatures_coverage import seen_files


@dataclass(frozen=True)
class ExaminedSignature:
    """One signature: its steps so far, and what of it is to be judged, None where it cannot be read.

    `content` is its Signature.xml, over which it was made. `seal_step` says whether its seal is the one in the package.
    """

    record: SignatureRecord
    coverage: Coverage
    steps: tuple[Step, ...]
    coverage_step: Step
    signature: SealSignature | None
    content: bytes = field(repr=False)
    seal_step: Step | None


@dataclass(frozen=True)
class Examined:
    """A package that was read: why it does not open (`error`, its stable code), and everything that it says itself."""

    error: str | None
    detail: str
    signatures: tuple[ExaminedSignature, ...] = ()
    permissions: Permissions | None = None
    notes: tuple[Note, ...] = ()
    entries_list: EntriesList | None = None

    @property
    def values(self) -> tuple[SealSignature, ...]:
        """Every signature that can be read, in their order."""
        return tuple(each.signature for each in self.signatures if each.signature is not None)

    @property
    def faultless(self) -> bool:
        """Whether it opens and nothing in it speaks against its signatures so far."""
        steps = (step for each in self.signatures for step in (*each.steps, each.coverage_step))
        return self.error is None and not any(step.ok is False for step in steps)

    @property
    def size(self) -> int:
        """About how many bytes this finding holds in memory, of a faultless one."""
        values = sum(len(each.content) + len(each.signature.der) for each in self.signatures if each.signature)
        listed = len(self.entries_list.content) if self.entries_list else 0
        return values + listed + sum(len(note.message) for note in self.notes)


def examine(source: bytes | Package, limits: Limits | None = None) -> Examined:
    """Read everything of a package that its signatures depend on. `limits` bounds what is read of bytes."""
    try:
        package = source if isinstance(source, Package) else Package.open(source, limits)
        document, error, detail = _opened(package)
        records = read_records(package)
        entries_list = read_entries_list(package)
        examiner = _Examiner(package) if records else None
    except Exception as problem:  # hostile bytes: whatever they provoke, the answer is a finding
        return Examined(problem.code if isinstance(problem, OfdError) else "broken", str(problem))
    signatures = tuple(examiner.examined(record) for record in records) if examiner else ()
    permissions = document.permissions if document else None
    if permissions is not None and records and not permissions.sign:
        package.note("signing_not_permitted", "Document.xml permits no signatures; there are some all the same.")
    return Examined(error, detail, signatures, permissions, package.notes, entries_list)


def _opened(package: Package) -> tuple[Document | None, str | None, str]:
    """The document, or why it does not open; its signatures are examined all the same."""
    try:
        return read_document(package), None, ""
    except OfdError as problem:
        return None, problem.code, problem.message


def check_failed(problem: Exception) -> Step:
    """The last resort against hostile bytes: never a crash, never a pass."""
    return step("structure", False, "check_failed", detail=f"{type(problem).__name__}: {problem}")


class _Examiner:
    """The signatures of one package: entries are digested once, however many signatures cover them."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._digests: dict[tuple[Digest, str], bytes | None] = {}
        self._references_left = package.limits.references
        self._value_bytes_left = package.limits.signature_bytes
        self._parts: set[str] = set()
        self._seen, self._unread = seen_files(package)

    def examined(self, record: SignatureRecord) -> ExaminedSignature:
        """One signature; whatever goes wrong inside is a failed step."""
        steps: list[Step] = []
        signature, content, seal_step = None, b"", None
        coverage = Coverage(False, tuple(sorted(self._seen)))
        try:
            file = self._signature_file(record, steps)
            if file is not None:
                coverage = self._references(file, steps)
                value = self._value(file, steps)
                if value is not None:
                    content = self._package.read(file.entry)
                    seal_step = self._seal_step(record, file, value)
                    signature = value
        except Exception as problem:
            steps.append(check_failed(problem))
        finding = "uncovered" if coverage.uncovered else "covered"
        if coverage.uncovered and self._unread.issuperset(coverage.uncovered):
            finding = "unfollowed"
        coverage_step = step("coverage", not coverage.uncovered, finding, names=listed(coverage.uncovered))
        return ExaminedSignature(record, coverage, tuple(steps), coverage_step, signature, content, seal_step)

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
            expected = binascii.a2b_base64("".join(reference.check_value.split()), strict_mode=True)
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

    def _seal_step(self, record: SignatureRecord, file: SignatureFile, signature: SealSignature) -> Step:
        if signature.seal is not None:
            return self._seal_file(file, signature.seal.der)
        claimed = bool(file.stamps) or file.seal_named or (record.kind == "Seal" and record.kind_written)
        return step("seal_structure", False if claimed else None, "seal_claimed" if claimed else "seal_none")

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
