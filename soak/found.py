"""What an audit says: which promise is broken, by which thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`fault` is one word of a short list, `what` names the thing."""

    fault: str
    what: str

    def __str__(self) -> str:
        return f"{self.fault}: {self.what}"
