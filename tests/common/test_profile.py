"""The centre's exchange rules."""

import pytest

from yichuan.common import profile


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="jiangmen-2008"):
        profile.load("nowhere-1999")
