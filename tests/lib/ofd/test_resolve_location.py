"""Locations (ST_Loc) inside a package: the standard's reading first, then what makers write."""

import pytest

from support.ofd import raw_zip
from yichuan.lib.ofd.package import OfdError, Package

FILES = ("OFD.xml", "Doc_0/Document.xml", "Doc_0/Res/a.png", "Doc_0/Tpls/t.xml", "Doc_0/Pages/Page_0/Content.xml")


@pytest.fixture
def package() -> Package:
    return Package.open(raw_zip(*((name, b"<x/>") for name in FILES)))


@pytest.mark.parametrize(
    ("base", "loc", "name"),
    [
        ("OFD.xml", "Doc_0/Document.xml", "Doc_0/Document.xml"),
        ("Doc_0/Document.xml", "/Doc_0/Res/a.png", "Doc_0/Res/a.png"),
        ("Doc_0/Document.xml", " Res/a.png\n", "Doc_0/Res/a.png"),
        ("Doc_0/Pages/Page_0/Content.xml", "../../Res/./a.png", "Doc_0/Res/a.png"),
    ],
)
def test_the_standard_s_reading_needs_no_note(package: Package, base: str, loc: str, name: str) -> None:
    assert package.resolve(base, loc) == name
    assert package.notes == ()


@pytest.mark.parametrize(
    ("base", "loc", "name", "code"),
    [
        ("Doc_0/Document.xml", "Res\\a.png", "Doc_0/Res/a.png", "loc_backslash"),
        ("Doc_0/Document.xml", "TPLS/T.xml", "Doc_0/Tpls/t.xml", "loc_case"),
        ("Doc_0/Pages/Page_0/Content.xml", "Res/a.png", "Doc_0/Res/a.png", "loc_relative"),
        ("Doc_0/Document.xml", "Doc_0/Res/a.png", "Doc_0/Res/a.png", "loc_relative"),
    ],
)
def test_a_deviation_is_followed_and_noted(package: Package, base: str, loc: str, name: str, code: str) -> None:
    assert package.resolve(base, loc) == name
    assert [note.code for note in package.notes] == [code]


@pytest.mark.parametrize(
    ("loc", "code"),
    [("Res/none.png", "loc_missing"), ("../../../../etc/passwd", "loc_escape"), ("", "loc_missing")],
)
def test_a_location_that_leads_nowhere_is_refused(package: Package, loc: str, code: str) -> None:
    with pytest.raises(OfdError) as caught:
        package.resolve("Doc_0/Document.xml", loc)
    assert caught.value.code == code
