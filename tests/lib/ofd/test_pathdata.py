"""Path data between SVG and OFD (GB/T 33190-2016 clause 9.2)."""

import pytest

from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.pathdata import ofd_path, svg_path


def test_pairs_after_a_move_draw_lines() -> None:
    assert ofd_path("M1 2 3 4 5 6Z") == "M 1 2 L 3 4 L 5 6 C"


def test_numbers_repeat_the_command_before_them() -> None:
    assert ofd_path("M0 0Q1 1 2 2 3 3 4 4") == "M 0 0 Q 1 1 2 2 Q 3 3 4 4"


def test_a_path_comes_back_as_it_went() -> None:
    assert svg_path(ofd_path("M0 0L10 0H20V5C1 2 3 4 5 6Z")) == "M0 0L10 0L20 0L20 5C1 2 3 4 5 6Z"


@pytest.mark.parametrize("data", ["m1 2", "M1", "M1 x", "1 2", "M1e99 2"])
def test_what_cannot_be_read_is_refused(data: str) -> None:
    with pytest.raises(OfdError):
        ofd_path(data)
