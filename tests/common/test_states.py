"""Transition tables."""

from enum import StrEnum

import pytest

from yichuan.common.errors import Refused
from yichuan.common.permissions import Permission
from yichuan.common.states import Transition, TransitionTable


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


class May(Permission):
    SWITCH = "lamp.switch", "开关"


GO = Transition("go", Light.RED, Light.GREEN, May.SWITCH, "lamp.go")
STOP = Transition("stop", Light.GREEN, Light.RED, May.SWITCH, "lamp.stop")
TABLE = TransitionTable("lamp", {"red": "红灯", "green": "绿灯"}, [GO, STOP])


def test_a_listed_move_is_found() -> None:
    assert TABLE.find("go", "red") is GO
    assert TABLE.allows("stop", "green")


@pytest.mark.parametrize(("verb", "state"), [("go", "green"), ("stop", "red"), ("fly", "red"), ("go", "blue")])
def test_what_is_not_listed_is_refused_by_the_state_it_is_in(verb: str, state: str) -> None:
    assert not TABLE.allows(verb, state)
    with pytest.raises(Refused) as refusal:
        TABLE.find(verb, state)
    assert refusal.value.code == "wrong_state"
    assert {"green": "绿灯", "red": "红灯", "blue": "blue"}[state] in refusal.value.message


def test_two_rows_for_one_move_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="share a verb"):
        TransitionTable("lamp", {}, [GO, Transition("go", Light.RED, Light.RED, May.SWITCH, "lamp.go")])


def test_the_diagram_draws_every_row() -> None:
    assert TABLE.diagram() == "stateDiagram-v2\n    red --> green: go\n    green --> red: stop"
