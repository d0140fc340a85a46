"""What a reason must be: a few words that somebody else can read."""

from yichuan.common.characters import hides_something

LONGEST = 200


def reason_at_fault(text: str) -> str:
    """What is wrong with a reason that goes on record; empty where nothing is."""
    text = text.strip()
    if not text:
        return "请写明原因。"
    if len(text) > LONGEST:
        return f"原因最多 {LONGEST} 个字。"
    return "原因里有看不见的字符，请删掉后重新输入。" if hides_something(text) else ""
