"""The house keeps its shape: lib has no clock, and every domain application stands under the layering contract."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "yichuan"
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")} | {
    ("time", name) for name in ("time", "time_ns", "localtime", "gmtime")
}


def clock_readings(source: str) -> Iterator[int]:
    """Lines that read the time of day, such as `datetime.now()` or `dt.date.today()`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            if (name, node.attr) in CLOCKS:
                yield node.lineno


@pytest.mark.parametrize("source", ["datetime.now(UTC)", "dt.datetime.now(dt.UTC)", "time.time()", "dt.date.today()"])
def test_a_clock_reading_is_seen(source: str) -> None:
    assert list(clock_readings(source)) == [1]


def test_lib_has_no_clock_of_its_own() -> None:
    modules = sorted((HOUSE / "lib").rglob("*.py"))
    assert modules
    found = [f"{path.relative_to(ROOT)}:{line}" for path in modules for line in clock_readings(path.read_text("utf-8"))]
    assert found == []


def test_every_application_with_services_or_models_is_under_the_layering_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    inside = next(contract for contract in contracts if contract["name"].startswith("inside an application"))
    rooms = {
        folder.name
        for folder in HOUSE.iterdir()
        if folder.name != "common" and ((folder / "services").is_dir() or any(folder.glob("models*")))
    }
    assert rooms
    assert {f"yichuan.{room}" for room in rooms} <= set(inside["containers"])
