"""The parties of a seal's life."""

import pytest

from support.seal_life import Life
from support.seal_life import life as name_parties
from support.world import World


@pytest.fixture
def life(world: World) -> Life:
    return name_parties(world)
