"""A centre on SQLite is used while its processes are killed at random instants; nothing is lost. `make soak` is longer.

On a failure the seed in the message repeats the order of deaths: `python -m soak --database sqlite --seed N`.
"""

import secrets

from soak.drive import Plan, drive
from soak.report import written


def test_nothing_is_lost_on_sqlite_whatever_is_killed() -> None:
    outcome = drive(Plan("sqlite", secrets.randbelow(1_000_000), sends=300, receipts=0, seconds=20), say=print)
    assert outcome.findings == [], written(outcome)
    died = {each.victim for each in outcome.kills}
    assert len(outcome.kills) >= 3 and "pages" in died, written(outcome)
    assert outcome.counts["documents sent"] >= 3 and outcome.counts["received or returned"] >= 5, written(outcome)
