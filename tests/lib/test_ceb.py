"""CEB is recognised by its header and carried as it is."""

import struct

import pytest

from yichuan.lib.ceb import CebError, CebHeader, read_ceb_header


def ceb(version: bytes = b"2.50f", sections: int = 2, body: bytes = bytes(400)) -> bytes:
    """The header as others describe it: magic, version, section table; then the body."""
    start = 0x1F + 17 * sections
    table = b"".join(struct.pack("<IIB8x", start, len(body), kind) for kind in range(sections))
    return b"Founder CEB\0" + version.ljust(8, b"\0") + struct.pack("<H", sections) + bytes(9) + table + body


@pytest.mark.parametrize("version", ["", "2.50f", "2.50w", "2.50U", "2.99D"])
def test_the_version_is_read(version: str) -> None:
    assert read_ceb_header(ceb(version.encode())) == CebHeader(version, 2)


def test_a_space_behind_the_magic_is_as_good() -> None:
    assert read_ceb_header(b"Founder CEB " + ceb()[12:]).version == "2.50f"


@pytest.mark.parametrize("data", [b"", b"Founder CE", b"Founder CEBX" + bytes(99), b"%PDF-1.7", bytes(500)])
def test_what_is_no_ceb_is_named(data: bytes) -> None:
    with pytest.raises(CebError) as caught:
        read_ceb_header(data)
    assert caught.value.code == "not_ceb"


@pytest.mark.parametrize(
    "data",
    [ceb()[:20], ceb()[:-1], ceb()[:60], ceb(b"\x01\x02\x03"), ceb(sections=2)[:0x14] + b"\xff\xff" + ceb()[0x16:]],
)
def test_one_that_was_cut_off_or_damaged_is_named(data: bytes) -> None:
    with pytest.raises(CebError) as caught:
        read_ceb_header(data)
    assert caught.value.code == "ceb_damaged"
