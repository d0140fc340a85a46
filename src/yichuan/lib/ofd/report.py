"""What a verification found: per signature four verdicts, the coverage, and every step by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yichuan.lib.ses.steps import Step

from .declared import Permissions
from .errors import Note

__all__ = ["Coverage", "ListReport", "Report", "SignatureReport", "Step", "verdict"]

#: Which steps decide which verdict. Steps named nowhere here inform only.
INTEGRITY = frozenset(
    (
        "structure",
        "signature_file",
        "digest_method",
        "references",
        "data_hash",
        "signature_algorithm",
        "signature",
        "seal_file",
        "relative",
    )
)
SEAL = frozenset(
    (
        "seal_structure",
        "seal_maker_signature",
        "seal_maker_certificate",
        "seal_maker_revocation",
        "seal_status",
        "seal_time_stamp",
    )
)
SIGNER = frozenset(("signer_in_seal_list", "signer_certificate", "signer_revocation"))
LIST = frozenset(("list_missing", "list_unlisted"))
TIME = frozenset(("signing_time", "seal_period", "certificate_period", "time_stamp"))


def verdict(steps: Iterable[Step], names: frozenset[str]) -> str:
    """ "failed" when a step of the group failed; "ok" when there are some and all succeeded; else "unknown"."""
    results = [step.ok for step in steps if step.name in names]
    if False in results:
        return "failed"
    return "ok" if results and None not in results else "unknown"


@dataclass(frozen=True)
class Coverage:
    """`whole`: every file is protected, the list of signatures too. `uncovered`: files that are seen and are not."""

    whole: bool
    uncovered: tuple[str, ...]


@dataclass(frozen=True)
class SignatureReport:
    """One signature. `kind` is "Seal" or "Sign"; `version` "v1", "v4", "v5", "35275", "bare" or "unknown"."""

    id: str
    kind: str
    version: str
    coverage: Coverage
    steps: tuple[Step, ...]

    @property
    def integrity(self) -> str:
        """Whether the protected files and the signature over them are what was signed: "ok", "failed", "unknown"."""
        return verdict(self.steps, INTEGRITY)

    @property
    def seal(self) -> str:
        """Whether a trusted maker made this seal."""
        return verdict(self.steps, SEAL)

    @property
    def signer(self) -> str:
        """Whether the signer is trusted and may use the seal."""
        return verdict(self.steps, SIGNER)

    @property
    def time(self) -> str:
        """Whether the signing time is proven and within the periods of seal and certificate."""
        return verdict(self.steps, TIME)

    @property
    def valid_and_trusted(self) -> bool:
        """Nothing failed, seal and signer are trusted, and nothing that is seen lies outside the protection."""
        verdicts = (self.integrity, self.seal, self.signer)
        return all(each == "ok" for each in verdicts) and self.time != "failed" and not self.coverage.uncovered

    def to_json(self) -> dict[str, object]:
        """Plain values: id, kind, version, integrity, seal, signer, time, coverage, steps."""
        return {
            "id": self.id,
            "kind": self.kind,
            "version": self.version,
            "integrity": self.integrity,
            "seal": self.seal,
            "signer": self.signer,
            "time": self.time,
            "coverage": {"whole": self.coverage.whole, "uncovered": list(self.coverage.uncovered)},
            "steps": _plain(self.steps),
        }


@dataclass(frozen=True)
class ListReport:
    """The signed list of the files of a package (GM/T 0099 OFDEntries.xml).

    It says which files belong there, not what is in them: `unlisted` were smuggled in, `missing` taken out.
    """

    entry: str
    unlisted: tuple[str, ...]
    missing: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def holds(self) -> bool | None:
        """Whether the package has exactly the listed files and the list is signed; None when the latter is open."""
        results = [step.ok for step in self.steps if step.name in INTEGRITY | SIGNER | LIST]
        return False if False in results else None if None in results else True

    def to_json(self) -> dict[str, object]:
        """Plain values: entry, holds, unlisted, missing, steps."""
        return {
            "entry": self.entry,
            "holds": self.holds,
            "unlisted": list(self.unlisted),
            "missing": list(self.missing),
            "steps": _plain(self.steps),
        }


@dataclass(frozen=True)
class Report:
    """A verified file. `error` is the stable code and `detail` the message when the document cannot be read.

    `permissions` is what the document declares (None when it is not readable), `notes` what was tolerated in reading
    it, `entries_list` its signed list of files where it has one.
    """

    readable: bool
    error: str | None
    detail: str
    signatures: tuple[SignatureReport, ...]
    permissions: Permissions | None = None
    notes: tuple[Note, ...] = ()
    entries_list: ListReport | None = None

    @property
    def valid_and_trusted(self) -> bool:
        """There is a signature, all are valid and trusted, and no file is there against a signed list of files."""
        closed = self.entries_list is None or self.entries_list.holds is not False
        return (
            self.readable
            and closed
            and bool(self.signatures)
            and all(each.valid_and_trusted for each in self.signatures)
        )

    def to_json(self, file: str | None = None) -> dict[str, object]:
        """Plain values: file (when given), readable, signatures, permissions, notes, entries_list."""
        named: dict[str, object] = {} if file is None else {"file": file}
        return named | {
            "readable": self.readable,
            "signatures": [each.to_json() for each in self.signatures],
            "permissions": self.permissions.to_json() if self.permissions else None,
            "notes": [{"code": note.code, "message": note.message} for note in self.notes],
            "entries_list": self.entries_list.to_json() if self.entries_list else None,
        }


def _plain(steps: Iterable[Step]) -> list[dict[str, object]]:
    return [{"name": step.name, "ok": step.ok, "note": step.note} for step in steps]
