"""A piece of memory that page processes of one keeper have in common: what one of them found, another need not find.

It is made while modules load, before the keeper forks. Nothing of it is ever written down, it is left out of memory
dumps, and it ends with its processes. It is a help and no more: nobody waits for another process, and whatever is not
there, or was half written when its writer was killed, is found anew.
"""

import contextlib
import fcntl
import mmap
import os
import struct
import threading
from collections.abc import Iterator

NAME_BYTES = 32
_EMPTY = bytes(NAME_BYTES)
_NUMBER = struct.Struct("<Q")

_shelves: "list[Shelf]" = []


class Shelf:
    """The last so many values of at most `cell_bytes` each, by names of 32 bytes that tell one value from another.

    At its beginning stand the number of values ever put, the name of what each cell holds (zeros: nothing), and how
    long it is; then the cells, which are filled in turn. A cell bears its name only while its value is whole.
    """

    def __init__(self, label: str, *, cells: int, cell_bytes: int) -> None:
        self._cells, self._cell_bytes = cells, cell_bytes
        self._names = _NUMBER.size
        self._lengths = self._names + cells * NAME_BYTES
        self._values = -(-(self._lengths + cells * _NUMBER.size) // mmap.PAGESIZE) * mmap.PAGESIZE
        size = self._values + cells * cell_bytes
        self._file = os.memfd_create(f"yichuan-{label}", os.MFD_CLOEXEC)
        os.ftruncate(self._file, size)
        self._memory = mmap.mmap(self._file, size)  # takes room as it is filled
        self._memory.madvise(mmap.MADV_DONTDUMP)
        self._mine = threading.Lock()
        _shelves.append(self)

    def get(self, name: bytes) -> bytes | None:
        """The value put under this name, None where it is not there, or another process is at the shelf just now."""
        with self._held() as held:
            cell = self._cell_of(name) if held else None
            if cell is None:
                return None
            begin = self._values + cell * self._cell_bytes
            return self._memory[begin : begin + self._number(self._lengths + cell * _NUMBER.size)]

    def put(self, name: bytes, *parts: bytes) -> None:
        """Put the joined parts under this name, in place of the oldest value; nothing where they are too large."""
        length = sum(len(part) for part in parts)
        if length > self._cell_bytes:
            return
        with self._held() as held:
            if not held or self._cell_of(name) is not None:
                return
            count = self._number(0)
            cell = count % self._cells
            self._write(self._names + cell * NAME_BYTES, _EMPTY)  # whoever is killed from here on leaves it empty
            at = self._values + cell * self._cell_bytes
            for part in parts:
                self._write(at, part)
                at += len(part)
            self._write(self._lengths + cell * _NUMBER.size, _NUMBER.pack(length))
            self._write(0, _NUMBER.pack(count + 1))
            self._write(self._names + cell * NAME_BYTES, name)

    def clear(self) -> None:
        """Take every value away."""
        with self._held() as held:
            if held:
                self._write(self._names, bytes(self._lengths - self._names))

    @contextlib.contextmanager
    def _held(self) -> Iterator[bool]:
        """Alone at the shelf, in all processes; False where another process is. Its death gives the shelf back."""
        with self._mine:  # the file's lock is a process's, whichever of its threads took it
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            try:
                yield True
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _cell_of(self, name: bytes) -> int | None:
        """Which cell bears this name."""
        if len(name) != NAME_BYTES or name == _EMPTY:
            raise ValueError("a name has 32 bytes, not all of them zero")
        at = self._memory.find(name, self._names, self._lengths)
        cell, between = divmod(at - self._names, NAME_BYTES)
        return None if at < 0 or between else cell

    def _number(self, at: int) -> int:
        found: int = _NUMBER.unpack_from(self._memory, at)[0]
        return found

    def _write(self, at: int, data: bytes) -> None:
        self._memory[at : at + len(data)] = data


def clear_all() -> None:
    """Empty every shelf."""
    for shelf in _shelves:
        shelf.clear()
