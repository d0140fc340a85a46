"""What the seals on a body say, judged once for the same bytes: ninety receivers check one letter, each more than once.

The verdict follows from the body, the certificates trusted, the revocation lists and the moment, and from nothing
else. It is kept under all four (the body by its SM3), so that it cannot differ from what would be found anew; a
revocation makes another list, and with it another result. What follows from the body alone is kept apart
(`seals.services.examined`), from its sending on. How a seal stands in the register is asked each time.
"""

from dataclasses import dataclass
from datetime import datetime

from yichuan.common.memory import Results
from yichuan.keys.services.trust import Trust
from yichuan.lib.ofd.report import Report
from yichuan.lib.ofd.verifying import judge
from yichuan.lib.ses.signature import SealSignature
from yichuan.lib.ses.times import prove_time
from yichuan.seals.services.examined import examined

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
        return _reports.get(key, lambda: judge(examined(self.body, self.digest), trust=roots, at=self.at, crls=lists))

    def stamped(self) -> tuple[Stamped, ...]:
        """Each signature that can be read, with the time that a time stamp proves of it."""
        return _stamped.get((self.digest, self.at, tuple(self.trust.roots)), self._look_at_stamps)

    def _look_at_stamps(self) -> tuple[Stamped, ...]:
        found = examined(self.body, self.digest).values
        return tuple((each, prove_time(each, trust=self.trust.roots, at=self.at)[1]) for each in found)
