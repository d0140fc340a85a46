"""`make bench`: every area, one after the other; sending on SQLite and, where it is installed, on PostgreSQL too.

`python -m benchmarks AREA` runs one area in the database of the environment and writes `AREA.jsonl`.
"""

import subprocess
import sys
from pathlib import Path

from benchmarks import (
    access,
    cryptography,
    devices,
    documents,
    drawing,
    exchange,
    feed,
    imports,
    interface,
    lists,
    log,
    memory,
    printing,
    verification,
)
from benchmarks.measure import write

AREAS = {
    "cryptography": cryptography.figures,
    "documents": documents.figures,
    "drawing": drawing.figures,
    "printing": printing.figures,
    "memory": memory.figures,
    "verification": verification.figures,
    "exchange": exchange.figures,
    "exchange-postgresql": exchange.figures,
    "interface": interface.figures,
    "interface-postgresql": interface.figures,
    "feed": feed.figures,
    "access": access.figures,
    "access-postgresql": access.figures,
    "imports": imports.figures,
    "devices": devices.figures,
    "lists-postgresql": lists.figures,
    "log": log.figures,
    "log-postgresql": log.figures,
}
POSTGRES = Path(__file__).resolve().parent.parent / "scripts" / "postgres"


def main(wanted: list[str]) -> None:
    """Run what is named, everything if nothing is."""
    for area in wanted:
        print(f"-- {area}", flush=True)
        write(area, AREAS[area]())
    if wanted:
        return
    for area in AREAS:
        prefix = [str(POSTGRES)] if area.endswith("postgresql") else []
        done = subprocess.run([*prefix, sys.executable, "-m", "benchmarks", area], check=False)
        if done.returncode:
            sys.exit(f"{area}: ended with {done.returncode}")


main(sys.argv[1:])
