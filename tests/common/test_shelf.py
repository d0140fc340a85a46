"""The memory that page processes have in common."""

import os
import signal
from collections.abc import Callable, Iterator
from unittest import mock

import pytest

from yichuan.common import memory
from yichuan.common.shelf import Shelf

A, B, C, D = (bytes([letter]) * 32 for letter in b"abcd")


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with mock.patch("yichuan.common.shelf._shelves", []):
        yield Shelf("test", cells=3, cell_bytes=1000)


def in_another_process(work: Callable[[], object]) -> int:
    """What `os.waitstatus_to_exitcode` says of it: 0 where the work gave something true."""
    pid = os.fork()
    if pid == 0:
        os._exit(0 if work() else 1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_what_one_process_puts_another_finds(shelf: Shelf) -> None:
    assert in_another_process(lambda: shelf.put(A, b"of the ", b"child") is None) == 0
    assert shelf.get(A) == b"of the child"
    shelf.put(B, b"of the parent")
    assert in_another_process(lambda: shelf.get(B) == b"of the parent") == 0
    assert shelf.get(C) is None


def test_the_oldest_makes_room(shelf: Shelf) -> None:
    for name in (A, B, C, D):
        shelf.put(name, name * 30)
    assert [shelf.get(name) for name in (A, B, C, D)] == [None, B * 30, C * 30, D * 30]


def test_what_is_there_is_not_put_again(shelf: Shelf) -> None:
    for name in (A, A, A, B, C):
        shelf.put(name, name)
    assert shelf.get(A) == A


def test_what_is_too_large_pushes_nothing_out(shelf: Shelf) -> None:
    for name in (A, B, C):
        shelf.put(name, b"kept")
    shelf.put(D, bytes(600), bytes(401))
    assert shelf.get(D) is None
    assert [shelf.get(name) for name in (A, B, C)] == [b"kept"] * 3


def test_a_shorter_value_ends_where_it_ends(shelf: Shelf) -> None:
    for name in (A, B, C):
        shelf.put(name, b"x" * 1000)
    shelf.put(D, b"")
    assert shelf.get(D) == b""


@pytest.mark.parametrize("writes", [1, 2, 3, 4, 5])
def test_a_writer_killed_in_the_middle_leaves_nothing_half_written_and_holds_nobody_up(
    shelf: Shelf, writes: int
) -> None:
    """At each of its writes in turn, into a cell that bore another's name until then."""
    for name in (A, B, C):
        shelf.put(name, name)
    assert in_another_process(lambda: dying_at(shelf, writes)) == -signal.SIGKILL
    assert [shelf.get(name) for name in (A, B, C, D)] == [None, B, C, None]
    shelf.put(D, D)
    assert shelf.get(D) == D


def dying_at(shelf: Shelf, writes: int) -> None:
    """Put D, and die at this of its writes, half of which is done."""
    done, write = iter(range(1, 100)), shelf._write

    def dies(at: int, data: bytes) -> None:
        last = next(done) == writes
        write(at, data[: len(data) // 2] if last else data)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)

    with mock.patch.object(shelf, "_write", dies):
        shelf.put(D, D)


def test_nobody_waits_for_a_process_that_stands_at_the_shelf(shelf: Shelf) -> None:
    shelf.put(A, b"there")
    taken, held = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        with shelf._held():
            os.write(taken[1], b".")
            os.read(held[0], 1)
        os._exit(0)
    os.read(taken[0], 1)
    shelf.put(B, b"not now")
    assert shelf.get(A) is None
    os.write(held[1], b".")
    os.waitpid(pid, 0)
    assert shelf.get(A) == b"there"
    assert shelf.get(B) is None


def test_forgetting_all_empties_it(shelf: Shelf) -> None:
    shelf.put(A, b"a")
    memory.forget_all()
    assert shelf.get(A) is None
    shelf.put(A, b"again")
    assert shelf.get(A) == b"again"


@pytest.mark.parametrize("name", [b"short", bytes(32)])
def test_a_name_that_could_be_taken_for_another_is_refused(shelf: Shelf, name: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        shelf.put(name, b"x")
    with pytest.raises(ValueError, match="32 bytes"):
        shelf.get(name)
