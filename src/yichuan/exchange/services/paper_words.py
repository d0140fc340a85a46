"""What a person may write beside a paper that was posted or has come."""

from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid

LONGEST_REMARK = 200


def remark_of(text: str) -> str:
    """The remark as it is kept. Raises `Invalid` (`remark`)."""
    said = text.strip()
    if len(said) > LONGEST_REMARK or hides_something(said):
        raise Invalid({"remark": f"情况说明最多 {LONGEST_REMARK} 个字，不能有看不见的字符。"})
    return said
