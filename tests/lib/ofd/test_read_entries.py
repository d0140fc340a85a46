"""Reading one entry of a package: what its header, its size and its checksum must say."""

import struct
from collections.abc import Callable

import pytest

from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.package import Package, write_package

PLAIN = b"hello, hello, hello"
NAME = "OFD.xml"


def directory(data: bytes) -> int:
    return data.index(b"PK\x01\x02")


def damaged(change: Callable[[bytearray], None]) -> str:
    data = bytearray(write_package({NAME: PLAIN, "last.png": b"."}))
    change(data)
    with pytest.raises(OfdError) as error:
        Package.open(bytes(data)).read(NAME)
    assert error.value.code == "entry_damaged"
    return error.value.message


def set_long(data: bytearray, place: int, value: int) -> None:
    struct.pack_into("<L", data, place, value)


def declare(data: bytearray, in_directory: int, in_header: int, value: int) -> None:
    """Write a figure of the first entry where the directory has it and where its own header does."""
    set_long(data, directory(data) + in_directory, value)
    set_long(data, in_header, value)


def test_an_entry_headed_by_another_name_is_not_read():
    def rename(data: bytearray) -> None:
        data[30:37] = b"OFE.xml"

    assert "headed by another name" in damaged(rename)


def test_an_entry_without_a_header_is_not_read():
    def spoil(data: bytearray) -> None:
        data[0:2] = b"XX"

    assert "headed by another name" in damaged(spoil)


@pytest.mark.parametrize(("declared", "word"), [(len(PLAIN) - 1, "longer"), (len(PLAIN) + 1, "shorter")])
def test_an_entry_of_another_size_than_it_declares_is_not_read(declared, word):
    assert f"is {word} than it declares" in damaged(lambda data: declare(data, 24, 22, declared))


def test_an_entry_with_another_checksum_is_not_read():
    assert "checksum" in damaged(lambda data: declare(data, 16, 14, 0))


def test_a_stored_entry_gives_its_bytes_as_they_are():
    package = Package.open(write_package({"a.png": PLAIN, "b.png": b""}))
    assert (package.read("a.png"), package.read("b.png")) == (PLAIN, b"")


def test_an_empty_deflated_entry_is_empty():
    assert Package.open(write_package({NAME: b""})).read(NAME) == b""
