"""Writing packages, and replacing entries of one."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.ofd import raw_zip, tiny_entries
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.package import Package, write_package
from yichuan.lib.ofd.package_write import write_packed
from yichuan.lib.ofd.zipentry import Packed

NAMES = st.text("abcDEF文档.1_", min_size=1, max_size=8).map(lambda name: f"d/{name}.xml")


def stored_form(data: bytes, name: str) -> tuple[int, bytes]:
    """The method and the packed bytes of an entry, found by the ZIP reader of the standard library."""
    info = zipfile.ZipFile(io.BytesIO(data)).getinfo(name)
    name_size, extra_size = struct.unpack_from("<2H", data, info.header_offset + 26)
    start = info.header_offset + 30 + name_size + extra_size
    return info.compress_type, data[start : start + info.compress_size]


def with_a_tail(data: bytes, tail: bytes) -> bytes:
    """A package of one entry, whose packed bytes go on after their end: readers that stop there and others differ."""
    info = zipfile.ZipFile(io.BytesIO(data)).infolist()[0]
    end = info.header_offset + 30 + len(info.filename) + info.compress_size
    longer = bytearray(data[:end] + tail + data[end:])
    struct.pack_into("<L", longer, 18, info.compress_size + len(tail))
    directory = end + len(tail)
    struct.pack_into("<L", longer, directory + 20, info.compress_size + len(tail))
    struct.pack_into("<L", longer, len(longer) - 6, directory)
    return bytes(longer)


def test_the_same_entries_give_the_same_bytes() -> None:
    assert write_package(tiny_entries("")) == write_package(tiny_entries(""))


@given(st.dictionaries(NAMES, st.binary(max_size=400), max_size=6))
def test_the_standard_librarys_reader_finds_every_entry_in_order(entries: dict[str, bytes]) -> None:
    archive = zipfile.ZipFile(io.BytesIO(write_package(entries)))
    assert archive.testzip() is None
    assert {info.filename: archive.read(info) for info in archive.infolist()} == entries
    assert archive.namelist() == list(entries)
    assert {(info.date_time, info.external_attr >> 16) for info in archive.infolist()} <= {
        ((1980, 1, 1, 0, 0, 0), 0o644)
    }


def test_pictures_and_packages_are_stored_and_the_rest_is_deflated() -> None:
    data = write_package({"a.PNG": b"x" * 99, "seal.ofd": b"x" * 99, "a.xml": b"x" * 99})
    methods = [info.compress_type for info in zipfile.ZipFile(io.BytesIO(data)).infolist()]
    assert methods == [zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]


def test_replacing_keeps_every_other_entry_byte_for_byte_and_in_place() -> None:
    entries = tiny_entries("") | {"Doc_0/Res/a.png": bytes(range(256)) * 40}
    package = Package.open(write_package(entries))
    changed = Package.open(package.replace({"OFD.xml": b"<new/>", "Doc_0/Signs/Signatures.xml": b"<s/>"}))
    assert changed.names() == (*entries, "Doc_0/Signs/Signatures.xml")
    assert changed.read("OFD.xml") == b"<new/>"
    assert all(changed.read(name) == data for name, data in entries.items() if name != "OFD.xml")


@pytest.mark.parametrize("level", [0, 1, 9])
@pytest.mark.parametrize("read_before", [True, False])
def test_an_entry_that_is_not_replaced_keeps_its_compressed_form(level: int, read_before: bool) -> None:
    out = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if level else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", method, compresslevel=level) as archive:
        archive.writestr("OFD.xml", b"<x/>")
        archive.writestr("text.xml", b"".join(b"%d squared is %d; " % (n, n * n) for n in range(500)))
    package = Package.open(out.getvalue())
    if read_before:
        package.read("text.xml")
    kept = stored_form(package.replace({"OFD.xml": b"<y/>"}), "text.xml")
    assert kept == stored_form(out.getvalue(), "text.xml")


def test_bytes_hidden_behind_a_compressed_entry_are_not_carried_on() -> None:
    plain = b"hello, hello, hello"
    hiding = with_a_tail(write_package({"a.xml": plain}), b"smuggled")
    package = Package.open(hiding)
    assert package.read("a.xml") == plain
    method, packed = stored_form(package.replace({"b.xml": b""}), "a.xml")
    assert b"smuggled" in hiding
    assert (method, zlib.decompress(packed, -15)) == (zipfile.ZIP_DEFLATED, plain)
    assert b"smuggled" not in packed


def test_an_entry_that_cannot_be_read_is_not_copied_unseen() -> None:
    data = bytearray(raw_zip(("OFD.xml", b"<x/>"), ("b.xml", b"hello, hello, hello")))
    data[data.index(b"b.xml") + 9] ^= 0xFF
    with pytest.raises(OfdError) as error:
        Package.open(bytes(data)).replace({"OFD.xml": b"<y/>"})
    assert error.value.code == "entry_damaged"


def test_what_a_zip_cannot_hold_is_refused() -> None:
    with pytest.raises(OfdError) as error:
        write_packed(dict.fromkeys(map(str, range(65_536)), Packed(b"", 0, 0, 0)))
    assert error.value.code == "too_many_entries"
    with pytest.raises(OfdError) as error:
        write_packed({"a": Packed(b"", 8, 0, 1 << 32)})
    assert error.value.code == "package_too_large"
