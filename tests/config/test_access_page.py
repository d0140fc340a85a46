"""The table in docs/access.md is the one in force, and its diagram is the transition table's."""

from pathlib import Path

from yichuan.config.duties import ALL, PERMISSIONS
from yichuan.org.duties import Duty
from yichuan.org.states import CHANGE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "access.md"


def table() -> list[str]:
    """The table as the templates of duties make it: a row a permission, a column a duty."""
    lines = [f"| Permission | Name | {' | '.join(duty.label for duty in Duty)} |", "|---|---|" + "---|" * len(Duty)]
    for permission in (permission for room in ALL for permission in room):
        marks = ["●" if permission in PERMISSIONS[duty] else "" for duty in Duty]
        lines.append(f"| `{permission.value}` | {permission.label} | {' | '.join(marks)} |")
    return lines


def test_the_page_shows_the_templates_in_force() -> None:
    shown = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(("| `", "| Permission"))]
    assert shown == [line for line in table() if not line.startswith("|---")]


def test_the_page_shows_every_move_of_a_change() -> None:
    assert CHANGE.diagram() in PAGE.read_text(encoding="utf-8")
