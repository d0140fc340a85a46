"""The same on PostgreSQL, which is itself stopped at once among the others (`pg_ctl stop -m immediate`)."""

import secrets
import shutil
from pathlib import Path

import pytest

from soak.centre import DATABASE
from soak.drive import Plan, drive
from soak.report import written

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db,  # so that it runs where PostgreSQL is tested; its cluster is its own
    pytest.mark.skipif(
        not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and shutil.which("initdb") is None,
        reason="PostgreSQL is not installed",
    ),
]


def test_nothing_is_lost_on_postgresql_whatever_is_killed() -> None:
    outcome = drive(Plan("postgres", secrets.randbelow(1_000_000), sends=300, receipts=0, seconds=20), say=print)
    assert outcome.findings == [], written(outcome)
    died = {each.victim for each in outcome.kills}
    assert len(outcome.kills) >= 3 and {"pages", DATABASE} <= died, written(outcome)
    assert outcome.counts["documents sent"] >= 3 and outcome.counts["received or returned"] >= 5, written(outcome)
