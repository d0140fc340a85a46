"""The centre's exchange rules (J-32)."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from yichuan.common import profile

CHINA = ZoneInfo("Asia/Shanghai")
RULES = profile.load("jiangmen-2008")


def _counted(moment: str, rules: profile.Profile = RULES) -> str:
    return rules.counted_day(datetime.fromisoformat(moment).replace(tzinfo=CHINA)).isoformat()


@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        ("2008-06-02T09:00:00", "2008-06-02"),
        ("2008-06-02T15:29:59.999", "2008-06-02"),
        ("2008-06-02T15:30:00", "2008-06-03"),
        ("2008-06-02T23:59:59", "2008-06-03"),
        ("2008-06-06T15:30:00", "2008-06-09"),
        ("2008-06-06T15:00:00", "2008-06-06"),
        ("2008-06-07T09:00:00", "2008-06-09"),
        ("2008-06-08T18:00:00", "2008-06-09"),
        ("2008-12-31T16:00:00", "2009-01-01"),
    ],
    ids=["morning", "last moment", "cut-off", "night", "Friday evening", "Friday", "Saturday", "Sunday", "new year"],
)
def test_the_day_a_document_counts_for(sent: str, counted: str) -> None:
    assert _counted(sent) == counted


def test_days_off_and_shifted_working_days_count_as_the_state_says() -> None:
    """端午 2008: Monday the 9th was off; let Saturday the 7th have been worked for it."""
    rules = replace(RULES, holidays=frozenset({date(2008, 6, 9)}), shifted_workdays=frozenset({date(2008, 6, 7)}))
    assert _counted("2008-06-06T16:00:00", rules) == "2008-06-07"
    assert _counted("2008-06-07T16:00:00", rules) == "2008-06-10"
    assert _counted("2008-06-09T10:00:00", rules) == "2008-06-10"


def test_the_hour_is_the_centres_wherever_the_server_stands() -> None:
    assert RULES.counted_day(datetime(2008, 6, 2, 7, 29, tzinfo=ZoneInfo("UTC"))) == date(2008, 6, 2)
    assert RULES.counted_day(datetime(2008, 6, 2, 7, 30, tzinfo=ZoneInfo("UTC"))) == date(2008, 6, 3)


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="jiangmen-2008"):
        profile.load("nowhere-1999")
