"""The names of batches (J-plan 二): 第一批, 第二批, 第三批."""

_NUMERALS = "一二三四五六七八九十"


def batch_name(number: int) -> str:
    """The batch as offices say it; from the eleventh on with figures."""
    return f"第{_NUMERALS[number - 1] if 1 <= number <= len(_NUMERALS) else number}批"
