"""The signed list of a package's files (GM/T 0099-2020, OFDEntries.xml), against files smuggled in.

The list names files and does not digest them: what is in them is for the signatures to protect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.signature import SealSignature, parse_signature
from yichuan.lib.ses.steps import Step, listed, step
from yichuan.lib.ses.verify import content_steps, signer_steps, time_steps

from .errors import OfdError
from .package import Package
from .report import ListReport
from .xmlread import child, children, text

LIST_ENTRY = "OFDEntries.xml"


@dataclass(frozen=True)
class EntriesList:
    """The list as it was read: its steps so far, and its signature over `content`, None where there is none to read."""

    entry: str
    unlisted: tuple[str, ...]
    missing: tuple[str, ...]
    steps: tuple[Step, ...]
    signature: SealSignature | None = None
    content: bytes = field(default=b"", repr=False)

    def judged(self, *, trust: list[Certificate], at: datetime, crls: Sequence[Crl] | None) -> ListReport:
        """The report on the list, with whether its signer is trusted."""
        steps = list(self.steps)
        if self.signature is not None:
            try:
                steps += content_steps(self.signature, self.content, self.entry)
                steps += signer_steps(self.signature, trust=trust, at=at, crls=crls)
                steps += time_steps(self.signature, trust=trust, at=at, crls=crls)
            except Exception as problem:  # hostile bytes: never a crash, never a pass
                steps.append(step("structure", False, "unreadable", detail=problem))
        return ListReport(self.entry, self.unlisted, self.missing, tuple(steps))


def read_entries_list(package: Package) -> EntriesList | None:
    """The list of files; None when the package has none. What cannot be read is a failed step."""
    try:
        entry = package.resolve(LIST_ENTRY, LIST_ENTRY)
    except OfdError:
        return None
    try:
        found, missing = _named(package, entry)
        signed = text(child(package.xml(entry), "SignedValueLoc"))
    except OfdError as problem:
        return EntriesList(entry, (), (), (step("signature_file", False, "unreadable", detail=problem),))
    value, signature, content = None, None, b""
    try:
        value = package.resolve(entry, signed)
        signature = parse_signature(package.read(value))
        content = package.read(entry)
        structure = step("structure", True, "read", version=signature.version)
    except (SesError, OfdError) as problem:
        structure = step("structure", False, "unreadable", detail=problem)
    unlisted = tuple(name for name in package.names() if name not in found and name not in (entry, value))
    steps = (_missing_step(found, missing), _unlisted_step(unlisted), structure)
    return EntriesList(entry, unlisted, missing, steps, signature, content)


def _missing_step(found: set[str], missing: tuple[str, ...]) -> Step:
    if missing:
        return step("list_missing", False, "list_missing", names=listed(missing))
    return step("list_missing", True, "list_whole", count=len(found))


def _unlisted_step(unlisted: tuple[str, ...]) -> Step:
    if unlisted:
        return step("list_unlisted", False, "list_smuggled", names=listed(unlisted))
    return step("list_unlisted", True, "list_closed")


def _named(package: Package, entry: str) -> tuple[set[str], tuple[str, ...]]:
    """The entries that the list names, and what it names that is not there."""
    found: set[str] = set()
    missing: list[str] = []
    files = child(package.xml(entry), "FileList")
    for element in children(files, "File") if files is not None else ():
        written = (element.get("FileLoc") or text(child(element, "FileLoc")) or text(element)).strip()
        try:
            found.add(package.resolve(entry, written))
        except OfdError:
            missing.append(written)
    return found, tuple(missing)
