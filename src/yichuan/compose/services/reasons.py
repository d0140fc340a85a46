"""The reason that a person must give for turning something round: handing back, withdrawing."""

from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid

LONGEST_REASON = 400


def given_reason(text: str, *, noun: str) -> str:
    """The reason as it is kept. Raises Invalid on `reason`; `noun` is what the page calls it."""
    reason = text.strip()
    if not reason:
        raise Invalid({"reason": f"没有办理：请写{noun}。"})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"{noun}请不超过 {LONGEST_REASON} 个字，现在有 {len(reason)} 个字。"})
    if hides_something(reason, lines=True):
        raise Invalid({"reason": f"{noun}里有看不见的字符，请重新填写。"})
    return reason
