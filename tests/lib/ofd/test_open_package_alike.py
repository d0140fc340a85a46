"""Opening a package: nothing is let through that another reader would unpack to something else."""

import io
import struct
import zipfile

import pytest

from support.ofd import raw_zip
from yichuan.lib.ofd.package import OfdError, Package

DATA = raw_zip(("OFD.xml", b"<x/>"), ("Doc_0/Document.xml", b"<y/>"))
END = DATA.rfind(b"PK\x05\x06")
COUNT, SIZE, START = struct.unpack_from("<H2L", DATA, END + 10)


def end_record(*, start: int = START, count: int = COUNT, comment: int = 0, size: int = SIZE) -> bytes:
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, start, comment)


def zip64_end(*, start: int, at: int, count: int = COUNT) -> bytes:
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, SIZE, start)
    return record + struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)


DIRECTORY = DATA[START:END]
SECOND_START = END + 22
UNCLEAR = {
    # Python takes the last end record; who wants the comment to reach the end of the file takes the first.
    "two end records": DATA[:END]
    + end_record(comment=SIZE + 22)
    + DIRECTORY
    + end_record(start=SECOND_START, comment=7),
    "a directory in the comment of another": DATA[:END]
    + end_record(comment=SIZE + 22)
    + DIRECTORY
    + end_record(start=SECOND_START),
    "bytes behind the end": DATA + b"\n",
    "bytes before the beginning": b"MZ" * 20 + DATA,
    "fewer entries counted than there are": DATA[:END] + end_record(count=1),
    "another directory for readers of ZIP64": DATA[:END]
    + DIRECTORY
    + zip64_end(start=END, at=END + SIZE)
    + end_record(),
    "a record of ZIP64 elsewhere": DATA[:END] + zip64_end(start=START, at=0) + end_record(start=0xFFFFFFFF),
}


@pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in UNCLEAR.items()])
def test_a_directory_that_two_readers_take_differently_is_refused(data: bytes) -> None:
    zipfile.ZipFile(io.BytesIO(data))  # other readers open it
    with pytest.raises(OfdError) as caught:
        Package.open(data)
    assert caught.value.code == "directory_unclear"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(DATA[:END] + end_record(comment=5) + b"hello", id="a comment"),
        pytest.param(DATA[:END] + zip64_end(start=START, at=END) + end_record(), id="ZIP64, figures in both"),
        pytest.param(
            DATA[:END] + zip64_end(start=START, at=END) + end_record(start=0xFFFFFFFF, size=0xFFFFFFFF, count=0xFFFF),
            id="ZIP64 alone",
        ),
    ],
)
def test_what_every_reader_takes_alike_is_read(data: bytes) -> None:
    assert Package.open(data).read("Doc_0/Document.xml") == b"<y/>"


class Forward(io.BytesIO):
    """A file that cannot go back, as a network connection."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError

    def tell(self) -> int:
        raise OSError


def test_a_package_written_in_one_go_is_read() -> None:
    out = Forward()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", b"<x/>")
    assert Package.open(out.getvalue()).read("OFD.xml") == b"<x/>"


@pytest.mark.parametrize(
    ("place", "figure"),
    [pytest.param(8, 0, id="method"), pytest.param(14, 1, id="checksum"), pytest.param(22, 3, id="size")],
)
def test_a_header_that_packs_otherwise_than_the_directory_is_refused(place: int, figure: int) -> None:
    data = bytearray(DATA)
    struct.pack_into("<H", data, place, figure)
    with pytest.raises(OfdError) as caught:
        Package.open(bytes(data)).read("OFD.xml")
    assert caught.value.code == "entry_damaged"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a.xml", "a.xml ", id="a space at the end"),
        pytest.param("a/b.xml", "a./b.xml", id="a dot at the end of a folder"),
        pytest.param("a.xml", "a.xml:b", id="a stream of the file"),
        pytest.param("a/b.xml", "a. .:s/b.xml", id="a stream of a folder with dots and spaces at the end"),
        pytest.param("caf\u00e9.xml", "cafe\u0301.xml", id="accents written apart"),
    ],
)
def test_names_that_some_systems_take_for_one_are_refused(one: str, other: str) -> None:
    with pytest.raises(OfdError) as caught:
        Package.open(raw_zip((one, b"1"), (other, b"2")))
    assert caught.value.code == "name_clash"
