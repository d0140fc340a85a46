"""The centre's exchange rules. Code asks the profile; nothing asks which city it is."""

import tomllib
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from yichuan.common.models import Centre

FOLDER = Path(__file__).resolve().parent.parent / "config" / "profiles"
UNOPENED = "jiangmen-2008"  # by which passwords and sessions go while no centre is opened
_kept: list[str] = []


@dataclass(frozen=True)
class PasswordRules:
    """What a password must bear (等保三级), and how guessing is slowed."""

    history: int
    lasts: timedelta
    warn: timedelta
    first_lasts: timedelta
    failures: int
    locked: timedelta
    failures_per_address: int


@dataclass(frozen=True)
class SessionRules:
    """How long a session stands."""

    idle: timedelta
    longest: timedelta
    one_per_person: bool


@dataclass(frozen=True)
class ExchangeRules:
    """What is exchanged here, and how (J-4, J-三, J-32, G-note-2, G-note-4, G-16)."""

    urgencies: tuple[str, ...]
    refused_urgency_note: str
    call_out_of_hours: bool  # an urgent document out of hours asks for the record of a telephone call
    without_call: str  # "mark": it may go, marked; "refuse"
    duty_desk: str  # whom to call
    track: str  # "single" or "dual": the centre's own, a pair of units may have another
    scans: bool  # sealed paper as PDF with an editable text, of units that cannot seal yet
    article_classified: str
    article_private: str
    governments: str  # what documents call the governments below this one, and
    departments: str  # everybody else: 「各市、区人民政府，市直各单位」


@dataclass(frozen=True)
class OfficeHours:
    """When offices work, and when within a half day those are reminded who have not signed for (G-20)."""

    morning: tuple[time, time]
    afternoon: tuple[time, time]
    remind_receiver: timedelta  # so long before the half day's end
    remind_stand_in: timedelta
    tell_leader: timedelta
    urgent: timedelta  # within which an urgent document is signed for, else somebody telephones (G-20)

    def half_of(self, at: time) -> str:
        """The half day, `am` or `pm`, that a time of day falls into or is followed by; "" after the last."""
        if at < self.morning[1]:
            return "am"
        return "pm" if at < self.afternoon[1] else ""

    def holds(self, at: time) -> bool:
        """Whether offices work at this time of a working day."""
        return any(first <= at < last for first, last in (self.morning, self.afternoon))


@dataclass(frozen=True)
class Profile:
    """One file of `config/profiles`. Each rule names its article there."""

    name: str
    title: str
    zone: ZoneInfo
    cut_off: time
    exchange: ExchangeRules
    hours: OfficeHours
    default_allowance: int
    greatest_allowance: int
    passwords: PasswordRules
    sessions: SessionRules
    training_years: int
    login: dict[str, str]

    @property
    def urgencies(self) -> tuple[str, ...]:
        """The urgencies that are exchanged here, the ordinary one first."""
        return self.exchange.urgencies

    @property
    def refused_urgency_note(self) -> str:
        """What is said of any other."""
        return self.exchange.refused_urgency_note

    def login_demand(self, duty: str) -> str:
        """By what the holder of this duty logs in: a value of `people.factors.Demand`."""
        return self.login.get(duty, self.login["default"])


@cache
def load(name: str) -> Profile:
    """Read `config/profiles/<name>.toml`; an unknown name is refused with the names there are."""
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        raise ValueError(f"YICHUAN_PROFILE: no profile {name!r}; there are: {', '.join(names())}")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return Profile(
        name=name,
        title=raw["title"],
        zone=ZoneInfo(raw["zone"]),
        cut_off=raw["exchange"]["cut_off"],
        exchange=_exchange(raw["exchange"]),
        hours=_hours(raw["hours"]),
        default_allowance=raw["printing"]["default_allowance"],
        greatest_allowance=raw["printing"]["greatest_allowance"],
        passwords=_passwords(raw["passwords"]),
        sessions=_sessions(raw["sessions"]),
        training_years=raw["posts"]["training_years"],
        login=raw["login"],
    )


def _exchange(raw: dict[str, Any]) -> ExchangeRules:
    return ExchangeRules(
        urgencies=tuple(raw["urgencies"]),
        refused_urgency_note=raw["refused_urgency_note"],
        call_out_of_hours=raw["call_out_of_hours"],
        without_call=raw["without_call"],
        duty_desk=raw["duty_desk"],
        track=raw["track"],
        scans=raw["scans"],
        article_classified=raw["article_classified"],
        article_private=raw["article_private"],
        governments=raw["governments"],
        departments=raw["departments"],
    )


def _hours(raw: dict[str, Any]) -> OfficeHours:
    (first, noon), (after_noon, last) = raw["morning"], raw["afternoon"]
    return OfficeHours(
        morning=(first, noon),
        afternoon=(after_noon, last),
        remind_receiver=timedelta(minutes=raw["remind_receiver_minutes"]),
        remind_stand_in=timedelta(minutes=raw["remind_stand_in_minutes"]),
        tell_leader=timedelta(minutes=raw["tell_leader_minutes"]),
        urgent=timedelta(minutes=raw["urgent_minutes"]),
    )


def _passwords(raw: dict[str, int]) -> PasswordRules:
    return PasswordRules(
        history=raw["history"],
        lasts=timedelta(days=raw["days"]),
        warn=timedelta(days=raw["warn_days"]),
        first_lasts=timedelta(days=raw["first_days"]),
        failures=raw["failures"],
        locked=timedelta(minutes=raw["locked_minutes"]),
        failures_per_address=raw["failures_per_address"],
    )


def _sessions(raw: dict[str, Any]) -> SessionRules:
    return SessionRules(
        idle=timedelta(minutes=raw["idle_minutes"]),
        longest=timedelta(hours=raw["longest_hours"]),
        one_per_person=raw["one_per_person"],
    )


def names() -> list[str]:
    """The profiles there are."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def current() -> Profile:
    """The profile this centre runs under: the one its settings name, else the one it was opened with."""
    return load(settings.YICHUAN_PROFILE or _of_the_centre() or UNOPENED)


def _of_the_centre() -> str:
    """The name in the centre's row, which is written once: asked for until it is there, then kept."""
    if not _kept and Centre._meta.db_table in connection.introspection.table_names():
        _kept.extend(Centre.objects.values_list("profile", flat=True))
    return _kept[0] if _kept else ""


def forget() -> None:
    """Ask again. For tests, whose centres come and go."""
    _kept.clear()
