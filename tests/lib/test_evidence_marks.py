"""What a package says of entries that bear no mark of the centre: a warning in words, by their names, and no fault."""

from support.evidence import digest, packed, parts, verified
from support.small_log import SmallLog
from yichuan.lib.evidence import Evidence


def of_a_day(mark: str | None) -> Evidence:
    """A package about a sending whose entry bears this mark."""
    log = SmallLog(digest())
    places = [log.add("exchange.send", "dispatch", mark=mark, digest=digest()), log.receive("signed_for")]
    return verified(packed(parts(log.parts(places)), places=places))


def test_a_package_whose_entries_bear_marks_says_nothing_of_them() -> None:
    assert "marks" not in {step.name for step in verified(packed()).steps}
    assert of_a_day("cd" * 32).log == "ok"


def test_an_entry_without_a_mark_is_a_warning_that_names_it() -> None:
    for mark in (None, ""):
        found = of_a_day(mark)
        (told,) = [step for step in found.steps if step.name == "marks"]
        assert told.ok is None and found.log == "ok"
        assert told.note_zh.startswith("1 项没有中心的标记：写入时中心的密码设备没有打开，或者不是中心写入的")
        assert "exchange.send 2026-11-21T09:00:00" in told.note_zh and "exchange.receipt" not in told.note_zh
