"""One line of the workbench."""

from dataclasses import dataclass
from datetime import datetime

MOST_OF_A_KIND = 50


@dataclass(frozen=True)
class Task:
    """The verb says what to do, `url` is where."""

    verb: str
    icon: str
    number: str
    title: str
    who: str
    at: datetime
    url: str
    new: bool = False
