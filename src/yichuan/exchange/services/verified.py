"""What the seals on a body say, found once for the same bytes: ninety receivers check one letter, each more than once.

Verification follows from the body, the certificates trusted, the revocation lists and the moment, and from nothing
else. A result is kept under all four (the body by its SM3), so that it cannot differ from what would be found anew; a
revocation makes another list, and with it another result. How a seal stands in the register is asked each time.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from yichuan.common.memory import Results
from yichuan.keys.services.trust import Trust
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.report import Report
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.signature import SealSignature
from yichuan.lib.ses.times import prove_time
from yichuan.seals.services.seals_on import signatures_on

KEPT = 256

Stamped = tuple[SealSignature, datetime | None]
_reports: Results[Report] = Results(KEPT)
_stamped: Results[tuple[Stamped, ...]] = Results(KEPT)


@dataclass(frozen=True)
class Grounds:
    """By what a body is verified: its own bytes with their SM3, whom and which lists the centre trusts, the moment."""

    body: bytes
    digest: str
    trust: Trust
    at: datetime

    def report(self) -> Report:
        """The library's report on every signature."""
        roots, lists = self.trust
        key = (self.digest, self.at, tuple(roots), tuple(lists))
        return _reports.get(key, lambda: verify(self._package(), trust=roots, at=self.at, crls=lists))

    def stamped(self) -> tuple[Stamped, ...]:
        """Each signature that can be read, with the time that a time stamp proves of it."""
        return _stamped.get((self.digest, self.at, tuple(self.trust.roots)), self._look_at_stamps)

    def _look_at_stamps(self) -> tuple[Stamped, ...]:
        roots = self.trust.roots
        return tuple((each, prove_time(each, trust=roots, at=self.at)[1]) for each in signatures_on(self._package()))

    def _package(self) -> Package | bytes:
        """The body as a package of which nothing was read; its bytes where it is none, which is a finding."""
        return self._opened.anew() if self._opened is not None else self.body

    @cached_property
    def _opened(self) -> Package | None:
        """Opened once for the report and the stamps; what is read of it is not held, for many bodies are at once."""
        try:
            return Package.open(self.body)
        except Exception:  # hostile bytes: whatever they provoke, the report says it
            return None
