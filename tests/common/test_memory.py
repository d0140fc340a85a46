"""The cache in this process's memory: bounded by bytes."""

import sys
from collections.abc import Iterator

import pytest

from yichuan.common import memory
from yichuan.common.sealed import Whole


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    memory.forget_all()
    monkeypatch.setattr(memory, "LIMIT_BYTES", 1000)
    yield
    memory.forget_all()


def _held() -> int:
    return sum(sys.getsizeof(value) for value in memory._entries.values())


def test_a_value_is_made_once() -> None:
    made = []

    def make() -> bytes:
        made.append(1)
        return b"page"

    assert [memory.remember("a", make) for _ in range(3)] == [b"page"] * 3
    assert len(made) == 1


def test_it_never_holds_more_than_its_limit() -> None:
    for number in range(50):
        memory.remember(number, lambda: bytes(250))
        assert _held() <= 1000
        assert memory._total == _held()


def test_what_was_asked_for_last_stays() -> None:
    for name in "abc":
        memory.remember(name, lambda: bytes(250))
    memory.remember("a", lambda: pytest.fail("a was there"))
    memory.remember("d", lambda: bytes(250))
    assert list(memory._entries) == ["c", "a", "d"]


def test_what_alone_is_larger_than_the_limit_is_handed_out_all_the_same() -> None:
    memory.remember("a", lambda: bytes(250))
    assert len(memory.remember("large", lambda: bytes(5000))) == 5000
    memory.remember("b", lambda: bytes(10))
    assert list(memory._entries) == ["b"]


def test_a_failure_leaves_nothing_behind() -> None:
    with pytest.raises(ZeroDivisionError):
        memory.remember("a", lambda: str(1 / 0))
    assert memory.remember("a", lambda: "made") == "made"


def test_a_file_with_its_digest_counts_by_its_bytes() -> None:
    memory.remember("a", lambda: Whole(bytes(600), "00"))
    memory.remember("b", lambda: Whole(bytes(600), "00"))
    made: list[str] = []
    memory.remember("a", lambda: made.append("a"))
    assert made == ["a"]


def test_what_is_not_worth_keeping_is_found_each_time() -> None:
    results: memory.Results[int] = memory.Results(9, worth=lambda found: found > 0)
    assert [results.get(key, lambda found=found: found) for key, found in (("a", 0), ("a", 1), ("a", 2))] == [0, 1, 1]
