"""Identifiers of version 7."""

import time

from yichuan.common.ids import new_id


def test_they_are_of_version_7_and_never_twice() -> None:
    made = [new_id() for _ in range(2000)]
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}
    assert len(set(made)) == len(made)


def test_one_made_later_sorts_later() -> None:
    earlier = new_id()
    time.sleep(0.002)
    assert earlier < new_id()


def test_they_tell_the_millisecond_in_which_they_were_made() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id().int >> 80
    assert before <= made <= time.time_ns() // 1_000_000
