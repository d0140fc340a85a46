"""`python -m soak [--database sqlite|postgres] [--store s3] [--minutes N] [--sends N] [--seed N] [--report FILE]`.

500 sends and 2,000 receipts in three minutes while processes are killed at random instants; then the centre settles and
is looked at from outside. Ends with 1 where anything was lost, doubled or left open, or the number was not reached.
"""

import argparse
import secrets
import sys
from pathlib import Path

from soak.centre import FOLDER, S3
from soak.drive import Plan, drive
from soak.report import written

OUT = Path(__file__).parent / "out"


def main() -> int:
    """One trial a database."""
    said = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    said.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    said.add_argument("--store", choices=(FOLDER, S3), default=FOLDER, help="where bodies lie")
    said.add_argument("--minutes", type=float, default=3, help="a database, at most")
    said.add_argument("--sends", type=int, default=500, help="and four times as many receipts")
    said.add_argument("--seed", type=int, default=None)
    said.add_argument("--report", type=Path, default=None)
    given = said.parse_args()
    seed = given.seed if given.seed is not None else secrets.randbelow(1_000_000)
    sound = True
    for database in ("sqlite", "postgres") if given.database == "both" else (given.database,):
        print(f"soak: {database}, {given.store}, seed {seed}", flush=True)
        plan = Plan(database, seed, given.sends, 4 * given.sends, given.minutes * 60, given.store)
        outcome = drive(plan, say=lambda line: print(line, flush=True))
        report = given.report or OUT / f"{database}-{given.store}-{seed}.md"
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(written(outcome), encoding="utf-8")
        print(written(outcome), f"report: {report}", sep="\n", flush=True)
        sound = sound and not outcome.findings and outcome.enough
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
