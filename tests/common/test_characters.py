"""Characters that a reader does not see."""

import pytest

from yichuan.common.characters import hides_something


@pytest.mark.parametrize("text", ["关于\u202e知通", "江府办\u200b〔2008〕44号", "标\x07题", "\ue000", "两\n行"])
def test_they_are_found(text: str) -> None:
    assert hides_something(text)


def test_ends_of_lines_may_be_allowed_and_chinese_always_is() -> None:
    assert not hides_something("第一行\r\n\t第二行", lines=True)
    assert not hides_something("江府办〔2008〕44号 𠮷")
