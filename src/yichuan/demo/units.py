"""The units of the founding document's work plan."""

import tomllib
from importlib.resources import files

from yichuan.org.services.register_unit import UnitEntry


def planned_units() -> list[UnitEntry]:
    """All 93, in the order of the plan; the first is 市府办公室."""
    plan = tomllib.loads(files("yichuan.demo").joinpath("data/units.toml").read_text(encoding="utf-8"))
    listed = [(batch, unit) for batch in plan["batch"] for unit in batch["units"]]
    return [
        UnitEntry(
            code=f"JM{order:04d}",
            short_name=unit["short"],
            name=_name(unit),
            rank="government" if _name(unit).endswith("人民政府") else "department",
            batch=batch["number"],
            starts=batch["starts"],
            order=order,
        )
        for order, (batch, unit) in enumerate(listed, start=1)
    ]


def _name(unit: dict[str, str]) -> str:
    short = unit["short"]
    return unit.get("name") or (f"江门{short}" if short.startswith("市") else short)
