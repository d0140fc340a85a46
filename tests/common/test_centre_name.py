"""What a centre is called, however its founder wrote it."""

import pytest

from yichuan.common.models import title_of


@pytest.mark.parametrize("written", ["江门市", "江门市电子公文交换中心"])
def test_the_centre_is_called_one_way(written: str) -> None:
    assert title_of(written) == "江门市电子公文交换中心"


def test_a_name_of_its_own_stays() -> None:
    assert title_of("广东省公文交换中心") == "广东省公文交换中心"
