"""A row of an import as it rests: its values and faults as one encrypted text."""

import json
from dataclasses import asdict
from typing import Any

from yichuan.changes.models import ImportRow
from yichuan.common.sheets.cells import Fault, Row


def packed(row: Row) -> str:
    """The row as the column keeps it."""
    faults = [asdict(fault) for fault in row.faults]
    return json.dumps({"values": row.values, "faults": faults}, ensure_ascii=False)


def values_of(row: ImportRow) -> dict[str, Any]:
    """The row's values by column, and what the check added to them."""
    values: dict[str, Any] = json.loads(row.entry)["values"]
    return values


def faults_of(row: ImportRow) -> list[Fault]:
    """What is wrong with the row, cell by cell."""
    return [Fault(**each) for each in json.loads(row.entry)["faults"]]
