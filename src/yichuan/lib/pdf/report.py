"""The report on a PDF's signatures: that of `ofd.report`, with the checks that only a PDF needs."""

from __future__ import annotations

from dataclasses import dataclass

from yichuan.lib.ofd.report import INTEGRITY, Report, SignatureReport, verdict

_INTEGRITY = INTEGRITY | {"byte_range", "later_changes"}


@dataclass(frozen=True)
class PdfSignatureReport(SignatureReport):
    """One signature of a PDF. `id` is the name of its field.

    `kind` is "Seal" (GB/T 38540 or GM/T 0031), "Sign" (PAdES, PKCS #7, GB/T 35275) or "TimeStamp" (of the document);
    `version` "v1", "v4", "v5", "35275", "bare", "PAdES B-B", "PAdES B-T", "PAdES B-LT", "PAdES B-LTA",
    "PKCS #7", "RFC 3161" or
    "unknown".
    """

    @property
    def integrity(self) -> str:
        """Whether the signed bytes and all that was appended to them are as they may be."""
        return verdict(self.steps, _INTEGRITY)

    @property
    def valid_and_trusted(self) -> bool:
        """As for an OFD; but a signature that is none of a seal needs none."""
        verdicts = [self.integrity, self.signer, *([self.seal] if self.kind == "Seal" else [])]
        return all(each == "ok" for each in verdicts) and self.time != "failed" and not self.coverage.uncovered


@dataclass(frozen=True)
class PdfReport(Report):
    """A verified PDF."""

    @property
    def valid_and_trusted(self) -> bool:
        """As for an OFD; but a stamp of the time alone is nobody's signature."""
        signed = any(each.kind != "TimeStamp" for each in self.signatures)
        return self.readable and signed and all(each.valid_and_trusted for each in self.signatures)
