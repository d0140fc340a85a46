"""The units of the work plan."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from yichuan.demo.units import planned_units


def test_there_are_93_in_batches_of_22_32_and_39() -> None:
    units = planned_units()
    assert Counter(unit.batch for unit in units) == {1: 22, 2: 32, 3: 39}
    assert len({unit.code for unit in units}) == len({unit.short_name for unit in units}) == 93
    assert (units[0].short_name, units[0].name) == ("市府办公室", "江门市人民政府办公室")


@pytest.mark.samples
def test_they_are_those_of_the_units_file(samples: Path) -> None:
    with (samples / "units.tsv").open(encoding="utf-8") as file:
        listed = [
            (row["batch"], row["starts"], row["short_name"], row["name"])
            for row in csv.DictReader(file, delimiter="\t")
        ]
    assert [(str(u.batch), str(u.starts), u.short_name, u.name) for u in planned_units()] == listed
