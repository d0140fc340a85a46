"""`python -m benchmarks.table [AREA…]`: what the areas wrote, as the tables of `docs/speed.md`."""

import json
import sys

from benchmarks.measure import OUT

AREAS = ("interface-postgresql", "interface", "exchange-postgresql", "exchange", "printing")


def main(areas: list[str]) -> None:
    """One table an area, in the order of its figures."""
    for area in areas:
        path = OUT / f"{area}.jsonl"
        if not path.exists():
            sys.exit(f"{path} is missing: run `make bench`, or `python -m benchmarks {area}`")
        print(f"### {area}\n\n| figure | value | reference of the same run | ratio |\n|---|---|---|---|")
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            print(
                f"| {row['name']} | {row['value']:g} {row['unit']} "
                f"| {row['reference']} ({row['reference_value']:g}) | {row['ratio']:g} |"
            )
        print()


if __name__ == "__main__":
    main(sys.argv[1:] or list(AREAS))
