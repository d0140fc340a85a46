"""Opening a package: what a stranger may send, and what is refused by name."""

import io
import os
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from support.ofd import raw_zip, tiny_entries
from yichuan.lib.ofd.limits import Limits
from yichuan.lib.ofd.package import OfdError, Package, write_package


def code_of(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(OfdError) as caught:
        Package.open(data, limits)
    return caught.value.code


def test_an_ordinary_package_opens_and_gives_exact_bytes() -> None:
    entries = tiny_entries("") | {"附件/说明.txt": "正文\r\n".encode()}
    package = Package.open(write_package(entries))
    assert package.names() == tuple(entries)
    assert package.read("附件/说明.txt") == "正文\r\n".encode()
    assert package.notes == ()


def test_something_that_is_no_zip_is_refused() -> None:
    assert code_of(b"%PDF-1.7 not an OFD") == "not_a_zip"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../secret.xml", "name_escape"),
        ("Doc_0/../../secret.xml", "name_escape"),
        ("Doc_0/./x.xml", "name_escape"),
        ("Doc_0//x.xml", "name_escape"),
        ("/etc/passwd", "name_absolute"),
        ("C:/x.xml", "name_absolute"),
        ("Doc_0\\x.xml", "name_backslash"),
        ("a\nb.xml", "name_control"),
        ("a/" * 30 + "x.xml", "name_too_deep"),
        ("长" * 200 + ".xml", "name_too_long"),
    ],
)
def test_a_name_that_could_leave_its_folder_or_confuse_is_refused(name: str, code: str) -> None:
    assert code_of(raw_zip(("OFD.xml", b"<x/>"), (name, b"x"))) == code


def test_the_same_name_twice_is_refused() -> None:
    assert code_of(raw_zip(("OFD.xml", b"<x/>"), ("OFD.xml", b"<y/>"))) == "name_clash"


def test_names_that_differ_only_in_case_are_refused() -> None:
    assert code_of(raw_zip(("Doc_0/Document.xml", b"<x/>"), ("doc_0/document.XML", b"<y/>"))) == "name_clash"


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    bomb = raw_zip(("OFD.xml", b"\0" * 64 * 1024 * 1024))
    tracemalloc.start()
    try:
        assert code_of(bomb) == "ratio_too_high"
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_a_size_that_lies_is_found_while_reading_and_stays_bounded() -> None:
    data = raw_zip(("OFD.xml", b"\0" * 32 * 1024 * 1024))
    # Both headers say that the entry holds 100 bytes.
    lying = data.replace(struct.pack("<L", 32 * 1024 * 1024), struct.pack("<L", 100))
    package = Package.open(lying)
    tracemalloc.start()
    try:
        with pytest.raises(OfdError) as caught:
            package.read("OFD.xml")
        assert caught.value.code == "entry_damaged"
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_limits_on_bytes_and_entries_hold() -> None:
    data = raw_zip(*((f"{number}.xml", b"x" * 1000) for number in range(20)))
    assert code_of(data, Limits(entries=19)) == "too_many_entries"
    assert code_of(data, Limits(total_bytes=19_999)) == "total_too_large"
    assert code_of(data, Limits(entry_bytes=999)) == "entry_too_large"
    assert code_of(data, Limits(package_bytes=100)) == "package_too_large"


def test_entries_are_counted_by_the_largest_directory_that_a_reader_may_believe() -> None:
    data = raw_zip(*((f"{number}.xml", b"x") for number in range(20)))
    end = data.rfind(b"PK\x05\x06")
    start = data.index(b"PK\x01\x02")
    zip64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 20, 20, end - start, start)
    zip64 += struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    said = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, 0, start, 0)  # an empty one, by the end record alone
    assert code_of(data[:end] + zip64 + said, Limits(entries=19)) == "too_many_entries"
    within = data[: end + 16] + b"PK\x05\x06" + data[end + 20 :]  # a mark inside the end record itself
    assert code_of(within, Limits(entries=19)) == "too_many_entries"


def test_a_package_inside_an_entry_counts_as_one_entry() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("OFD.xml", b"<x/>")
        archive.writestr("inner.bin", b"PK\x01\x02" * 20)
    assert Package.open(out.getvalue(), Limits(entries=2)).names() == ("OFD.xml", "inner.bin")


def test_entries_that_share_their_bytes_are_refused() -> None:
    data = bytearray(raw_zip(("a.xml", b"a" * 50), ("b.xml", b"b" * 50)))
    directory = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    struct.pack_into("<L", data, directory + 42, 0)  # the second entry starts where the first does
    assert code_of(bytes(data)) == "entries_overlap"


def test_an_encrypted_entry_is_refused() -> None:
    data = bytearray(raw_zip(("OFD.xml", b"<x/>")))
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 8, 0x1)
    assert code_of(bytes(data)) == "entry_encrypted"


def test_a_damaged_entry_is_named() -> None:
    data = raw_zip(("OFD.xml", b"hello, hello, hello"))
    place = data.index(b"OFD.xml") + 9
    broken = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
    with pytest.raises(OfdError) as caught:
        Package.open(broken).read("OFD.xml")
    assert caught.value.code == "entry_damaged"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', "xml_dtd"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'.encode("utf-16"), "xml_dtd"),
        (b'<?xml version="1.0" encoding="UTF-7"?><x/>', "xml_encoding"),
        (b'<?xml version="1.0"' + b" " * 300 + b'encoding="UTF-7"?><x/>', "xml_encoding"),
        ("<x/>".encode("utf-32"), "xml_encoding"),
        (b"<x><y></x>", "xml_invalid"),
        (b"<x>&nbsp;</x>", "xml_invalid"),
        (b"", "xml_invalid"),
        (b"<x>" * 70 + b"</x>" * 70, "xml_too_deep"),
    ],
)
def test_xml_that_reaches_beyond_itself_is_refused(xml: bytes, code: str) -> None:
    package = Package.open(raw_zip(("OFD.xml", xml)))
    with pytest.raises(OfdError) as caught:
        package.xml("OFD.xml")
    assert caught.value.code == code
    assert "OFD.xml" in caught.value.message


def test_xml_too_large_is_refused() -> None:
    package = Package.open(raw_zip(("OFD.xml", b"<x>" + b"y" * 2000 + b"</x>")), Limits(xml_bytes=1000))
    with pytest.raises(OfdError) as caught:
        package.xml("OFD.xml")
    assert caught.value.code == "xml_too_large"


def test_gbk_names_of_old_packers_are_read_and_noted() -> None:
    data = raw_zip(("ABCD.xml", b"<x/>")).replace(b"ABCD.xml", "中文.xml".encode("gbk"))
    package = Package.open(data)
    assert package.names() == ("中文.xml",)
    assert package.read("中文.xml") == b"<x/>"
    assert [note.code for note in package.notes] == ["name_encoding"]
    assert package.anew().notes == package.notes


def test_an_entry_that_the_directory_does_not_name_is_refused() -> None:
    hidden = raw_zip(("OFD.xml", b"<another/>"))
    hidden = hidden[: hidden.index(b"PK\x01\x02")]
    shown = raw_zip(("OFD.xml", b"<x/>"))
    assert code_of(hidden + shown) == "entry_hidden"
    directory = shown.index(b"PK\x01\x02")
    end = shown.index(b"PK\x05\x06")
    moved = bytearray(shown[:directory] + hidden + shown[directory:])
    struct.pack_into("<L", moved, end + len(hidden) + 16, directory + len(hidden))
    assert code_of(bytes(moved)) == "entry_hidden"


def test_xml_of_countless_elements_is_refused_before_it_is_parsed() -> None:
    package = Package.open(raw_zip(("OFD.xml", b"<x>" + b"<y z=''/>" * 1000 + b"</x>")), Limits(xml_nodes=2001))
    with pytest.raises(OfdError) as caught:
        package.xml("OFD.xml")
    assert caught.value.code == "xml_too_many_nodes"


def test_the_work_of_reading_is_bounded_over_the_life_of_a_package() -> None:
    entries = {f"{number}.bin": bytes(3_000_000) for number in range(4)}
    package = Package.open(write_package(entries), Limits(work_bytes=20_000_000))
    for name in entries:
        package.read(name)
    package.read("0.bin")  # kept: costs nothing again
    with pytest.raises(OfdError) as caught:
        for _ in range(4):
            package.read("3.bin")
    assert caught.value.code == "too_much_work"


def test_what_is_read_twice_is_the_same_bytes() -> None:
    data = os.urandom(9_000_000)  # longer than what is kept
    package = Package.open(write_package({"a.bin": data, "b.xml": b"<x/>"}))
    assert package.read("a.bin") == package.read("a.bin") == data
    assert package.read("b.xml") == package.read("b.xml") == b"<x/>"
    assert package.xml("b.xml") is package.xml("b.xml")


def with_unicode_path(name: str, path: str) -> bytes:
    """A package whose one entry has a second name in an Info-ZIP Unicode Path field."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name)
        field = b"\x01" + struct.pack("<L", zlib.crc32(name.encode())) + path.encode()
        info.extra = struct.pack("<HH", 0x7075, len(field)) + field
        archive.writestr(info, b"<x/>")
    return out.getvalue()


def test_an_entry_with_two_names_is_refused() -> None:
    assert Package.open(with_unicode_path("OFD.xml", "OFD.xml")).names() == ("OFD.xml",)
    assert code_of(with_unicode_path("OFD.xml", "other.xml")) == "name_clash"


def test_a_name_in_an_old_encoding_gives_way_to_the_one_written_beside_it() -> None:
    data = with_unicode_path("ABCD.xml", "中文.xml").replace(b"ABCD.xml", "中文.xml".encode("gbk"))
    package = Package.open(data)
    assert package.names() == ("中文.xml",)
    assert package.read("中文.xml") == b"<x/>"
    assert [note.code for note in package.notes] == ["name_encoding"]
    assert (
        code_of(with_unicode_path("ABCD.xml", "../x").replace(b"ABCD.xml", "中文.xml".encode("gbk"))) == "name_escape"
    )
