"""What holds in every centre is tried by the rules of both founding documents."""

import pytest
from pytest_django import Settings


@pytest.fixture(params=["jiangmen-2008", "guangdong-2012"])
def in_both_centres(request: pytest.FixtureRequest, settings: Settings) -> None:
    """`@pytest.mark.usefixtures("in_both_centres")`: the test runs once by each profile."""
    settings.YICHUAN_PROFILE = request.param
