"""What a verification found: per signature four verdicts, the coverage, and every step by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yichuan.lib.ses.steps import Step

__all__ = ["Coverage", "Report", "SignatureReport", "Step", "verdict"]

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
    )
)
SEAL = frozenset(("seal_structure", "seal_maker_signature", "seal_maker_certificate", "seal_time_stamp"))
SIGNER = frozenset(("signer_in_seal_list", "signer_certificate"))
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
            "steps": [{"name": step.name, "ok": step.ok, "note": step.note} for step in self.steps],
        }


@dataclass(frozen=True)
class Report:
    """A verified file. `error` is the stable code and `detail` the message when the document cannot be read."""

    readable: bool
    error: str | None
    detail: str
    signatures: tuple[SignatureReport, ...]

    @property
    def valid_and_trusted(self) -> bool:
        """There is a signature, and all are valid and trusted."""
        return self.readable and bool(self.signatures) and all(each.valid_and_trusted for each in self.signatures)

    def to_json(self, file: str | None = None) -> dict[str, object]:
        """Plain values: file (when given), readable, signatures."""
        named: dict[str, object] = {} if file is None else {"file": file}
        return named | {"readable": self.readable, "signatures": [each.to_json() for each in self.signatures]}
