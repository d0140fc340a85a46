"""One line of the workbench."""

from dataclasses import dataclass
from datetime import datetime

from yichuan.common import clock

MOST_OF_A_KIND = 50


@dataclass(frozen=True)
class Task:
    """The verb says what to do, `url` is where. `due`: by when; `mark`: an urgency; `note`: why it is pressing."""

    verb: str
    icon: str
    number: str
    title: str
    who: str
    at: datetime
    url: str
    new: bool = False
    due: datetime | None = None
    mark: str = ""
    note: str = ""

    @property
    def late(self) -> bool:
        """Whether its time is over."""
        return self.due is not None and self.due <= clock.now()
