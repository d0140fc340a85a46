"""Verifying an evidence package and the document inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import DOCUMENT_SIGNING, Certificate, validate_path
from yichuan.lib.kinds import kind_of
from yichuan.lib.merkle import Checkpoint, SignedCheckpoint
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.limits import Limits
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.report import INTEGRITY, SIGNER, verdict
from yichuan.lib.pdf.limits import DEFAULT as PDF_DEFAULT
from yichuan.lib.pdf.limits import Limits as PdfLimits
from yichuan.lib.ses.certificates import read_certificate
from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.signature import SealSignature, parse_signature
from yichuan.lib.ses.status_list import StatusList, parse_status_list
from yichuan.lib.ses.steps import Step, listed, step
from yichuan.lib.ses.times import prove_time
from yichuan.lib.ses.verify import content_steps, signer_steps, time_steps
from yichuan.lib.verifying import Verified, verify_file

from .checkpoints import CHECKPOINT, Asked, checkpoint_steps, kept_steps
from .log_checks import LOG, LogParts, log_steps
from .manifest import LIMITS, MANIFEST, SIGNATURE, Manifest, read_manifest

T = TypeVar("T")
_PACKAGE = frozenset(
    ("manifest", "parts_missing", "parts_changed", "parts_doubled", "parts_foreign", "packer", "time_stamp")
)
_PROVEN_BY_ITSELF = ("entries", "proofs", "receipts", "consistency", "checkpoint")
"""Roles of parts that are read even where they were changed, to say which of their lines it was."""


@dataclass(frozen=True)
class Evidence:
    """A verified package: its own steps, and the document inside, as verified (None where there is none to verify).

    `checkpoint` is what the package says of the log, signed or not.
    """

    manifest: Manifest | None
    steps: tuple[Step, ...]
    document: Verified | None
    error: str | None = None
    checkpoint: Checkpoint | None = None

    @property
    def readable(self) -> bool:
        """Whether it is a package at all."""
        return self.error is None

    @property
    def whole(self) -> str:
        """Whether the parts are those that the centre packed: "ok", "failed", "unknown"."""
        return verdict(self.steps, INTEGRITY | SIGNER | _PACKAGE)

    @property
    def log(self) -> str:
        """Whether entries and receipts stand in the centre's log, the kept ones' too: "ok", "failed", "unknown"."""
        return verdict(self.steps, LOG | CHECKPOINT)

    @property
    def valid_and_trusted(self) -> bool:
        """The package is whole, what it says of the log holds, and its document, if it is one's that has it, is valid
        and trusted."""
        without = self.manifest is not None and "document" not in self.manifest.form.roles
        sealed = self.document.report.valid_and_trusted if self.document is not None else without
        return self.whole == "ok" and self.log == "ok" and sealed

    def to_json(self) -> dict[str, object]:
        """Plain values: whole, log, packed, centre, form, number, digest, steps, document."""
        said = self.manifest
        return {
            "whole": self.whole,
            "log": self.log,
            "form": said.form.value if said else None,
            "number": said.number if said else None,
            "digest": said.digest if said else None,
            "centre": said.centre if said else None,
            "packed": said.packed.isoformat() if said else None,
            "steps": [{"name": each.name, "ok": each.ok, "note": each.note} for each in self.steps],
            "document": self.document.report.to_json() if self.document else None,
        }


def looks_like_evidence(data: bytes) -> bool:
    """Whether a file means to be an evidence package: a ZIP with a manifest, and no OFD itself."""
    if kind_of(data) != "zip":
        return False
    try:
        return MANIFEST in Package.open(data, LIMITS)
    except OfdError:
        return False


def verify_evidence(
    data: bytes,
    *,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None = None,
    status_lists: Sequence[StatusList] | None = None,
    kept: Sequence[SignedCheckpoint] = (),
    limits: Limits | None = None,
    pdf_limits: PdfLimits = PDF_DEFAULT,
) -> Evidence:
    """Verify a package and the document inside, with its own certificates and lists and those that are given.

    `kept` are checkpoints of the centre's log from elsewhere: whether the package's log is theirs is asked of each.

    `trust` holds the centre's root; a certificate in the package is used only where it leads there. Without `crls`
    nobody is asked whether the centre's own keys were revoked since the packing. Nothing in a file makes this raise;
    ValueError is for a naive `at`.
    """
    if at.tzinfo is None:
        raise ValueError("at must be aware: pass a datetime with a time zone")
    try:
        package = Package.open(data, limits or LIMITS)
        manifest, raw = read_manifest(package)
    except OfdError as problem:
        return Evidence(None, (step("manifest", False, "manifest_unreadable", detail=problem),), None, problem.code)
    steps = [step("manifest", True, "manifest_read", count=len(manifest.parts), name=manifest.centre)]
    sound, found = _parts(package, manifest)
    steps += found
    known = [*trust, *_vouched(_of(sound, manifest, "certificate"), trust, at)]
    lists = [*(crls or ()), *_read(_of(sound, manifest, "revocations"), Crl.from_der)]
    statuses = [*(status_lists or ()), *_read(_of(sound, manifest, "status"), parse_status_list)]
    signed, proven = _signature(package, manifest, raw, known, at, crls)
    steps += signed
    checkpoint, found = _log(
        package,
        manifest,
        [*known, *_read(_of(sound, manifest, "certificate"), Certificate.from_der)],
        Asked(known, at, crls, proven, kept),
    )
    steps += found
    bodies = _of(sound, manifest, "document")
    document = None
    if bodies:
        if sm3(bodies[0]).hex() != manifest.digest:
            steps.append(step("digest", False, "digest_differs", digest=manifest.digest))
        moment = min(proven or at, at)
        document = verify_file(
            bodies[0],
            trust=known,
            at=moment,
            crls=lists,
            status_lists=statuses,
            ofd_limits=limits,
            pdf_limits=pdf_limits,
        )
    return Evidence(manifest, tuple(steps), document, checkpoint=checkpoint)


def _log(
    package: Package, manifest: Manifest, certificates: list[Certificate], asked: Asked
) -> tuple[Checkpoint | None, list[Step]]:
    """The steps on the parts from the log, read as they lie."""
    if manifest.wanting:
        return None, [step("parts_required", False, "parts_required", names=listed(manifest.wanting))]
    lying: dict[str, bytes] = {}
    for part in manifest.parts:
        if part.role in _PROVEN_BY_ITSELF:
            with suppress(OfdError):
                lying[part.role] = package.read(part.name)
    checkpoint, steps = checkpoint_steps(lying.get("checkpoint", b""), manifest.centre, certificates, asked)
    if checkpoint is not None and steps[0].ok:  # what leads to nobody's checkpoint is not worth the work
        parts = LogParts.read(lying)
        steps += log_steps(parts, checkpoint, numbers=manifest.entries, digest=manifest.digest)
        steps += kept_steps(parts.earlier, checkpoint, manifest.centre, certificates, asked)
    return checkpoint, steps


def _parts(package: Package, manifest: Manifest) -> tuple[dict[str, bytes], list[Step]]:
    """The parts that are as listed, and a step for each way in which others are not."""
    names = [part.name for part in manifest.parts]
    doubled = sorted({name for name in names if names.count(name) > 1})
    missing = [name for name in names if name not in package]
    foreign = [name for name in package.names() if name not in names and name not in (MANIFEST, SIGNATURE)]
    sound: dict[str, bytes] = {}
    changed = []
    for part in manifest.parts:
        if part.name in doubled or part.name in missing:
            continue
        try:
            data = package.read(part.name)
        except OfdError:
            changed.append(part.name)
            continue
        if len(data) == part.size and sm3(data).hex() == part.digest:
            sound[part.name] = data
        else:
            changed.append(part.name)
    faults = {"doubled": doubled, "missing": missing, "changed": changed, "foreign": foreign}
    return sound, [
        step(f"parts_{kind}", False, f"parts_{kind}", names=listed(found)) if found else _none(kind, len(names))
        for kind, found in faults.items()
    ]


def _none(kind: str, count: int) -> Step:
    return step(f"parts_{kind}", True, f"parts_not_{kind}", count=count)


def _of(sound: dict[str, bytes], manifest: Manifest, role: str) -> list[bytes]:
    return [sound[part.name] for part in manifest.parts if part.role == role and part.name in sound]


def _read(ders: list[bytes], reader: Callable[[bytes], T]) -> list[T]:
    """Those that can be read: a list that is not read makes nothing better."""
    found = []
    for der in ders:
        try:
            found.append(reader(der))
        except (GmError, SesError):
            continue
    return found


def _vouched(ders: list[bytes], trust: list[Certificate], at: datetime) -> list[Certificate]:
    """The authorities among the package's certificates that lead to a trusted one: a seal has no place for a chain."""
    every = _read(ders, Certificate.from_der)
    return [
        each
        for each in every
        if each.is_ca and validate_path(each, intermediates=every, trust=trust, at=min(at, each.not_after)).ok
    ]


def _signature(
    package: Package,
    manifest: Manifest,
    raw: bytes,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None,
) -> tuple[list[Step], datetime | None]:
    """The steps on the centre's signature, and when a time stamp proves that the package was there.

    The lists inside say nothing of it: who packed them could have chosen them. Only those given from outside do.
    """
    try:
        signature = parse_signature(package.read(SIGNATURE))
    except (OfdError, SesError) as problem:
        return [step("structure", False, "unreadable", detail=problem)], None
    steps = [*content_steps(signature, raw, MANIFEST), _packer_step(signature, manifest.centre)]
    steps += signer_steps(signature, trust=trust, at=at, crls=crls)
    steps += time_steps(signature, trust=trust, at=at, crls=crls)
    _, proven = prove_time(signature, trust=trust, at=at, crls=crls)
    holds = verdict(steps, INTEGRITY | SIGNER) == "ok"
    return steps, proven if holds else None


def _packer_step(signature: SealSignature, centre: str) -> Step:
    """Whether it is a key of the centre's own that signed: no unit's or person's may vouch for the choice of lists.

    The centre's own certificates name it as their organization, and so does the authority that issued them.
    """
    try:
        certificate = read_certificate(signature.certificate or b"")
    except GmError as problem:
        return step("packer", False, "certificate_unreadable", detail=problem)
    named = certificate.subject.organization == certificate.issuer.organization == centre
    own = named and DOCUMENT_SIGNING in (certificate.extended_key_usage or ())
    return step("packer", own, "packer" if own else "packer_foreign", name=certificate.subject)
