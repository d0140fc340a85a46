"""The two parties of the centre."""

import pytest

from support.changes import Parties
from support.changes import parties as name_parties
from support.world import World


@pytest.fixture
def parties(world: World) -> Parties:
    return name_parties(world)
