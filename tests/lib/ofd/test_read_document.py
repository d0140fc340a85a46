"""Reading what a document says of itself."""

from datetime import UTC, datetime

import pytest

from support.ofd import NS, ofd, tiny_entries, typeset_pdf
from support.seals import changed, small_ofd
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.declared import Permissions
from yichuan.lib.ofd.model import DocumentInfo, read_document
from yichuan.lib.ofd.package import OfdError, Package, write_package


def test_title_author_date_and_pages_come_back() -> None:
    info = DocumentInfo(
        title="关于<开展>工作的通知",
        author="市府办公室 & 市环保局",
        created=datetime(2008, 5, 23, 9, 30, tzinfo=UTC),
        doc_id="0123456789abcdef0123456789abcdef",
        keywords=("公文", "交换"),
    )
    data = pdf_to_ofd(typeset_pdf("#set page(width: 100mm, height: 50mm)\none #pagebreak() two"), info=info)
    document = read_document(Package.open(data))
    assert (document.info.title, document.info.author) == (info.title, info.author)
    assert (document.info.doc_id, document.info.keywords) == (info.doc_id, info.keywords)
    assert document.info.created is not None
    assert document.info.created.date() == info.created.date()  # type: ignore[union-attr]
    assert [page.index for page in document.pages] == [0, 1]
    assert document.pages[1].width_mm == pytest.approx(100, abs=0.01)
    assert document.pages[1].height_mm == pytest.approx(50, abs=0.01)
    assert document.signatures_loc is None


def test_a_page_may_have_a_size_of_its_own() -> None:
    data = ofd("", page="<ofd:Area><ofd:PhysicalBox>0 0 100 50</ofd:PhysicalBox></ofd:Area>")
    assert read_document(Package.open(data)).pages[0].box == (0, 0, 100, 50)


@pytest.mark.parametrize("namespace", ["", "xmlns='urn:x'", "xmlns='http://www.ofdspec.org/2016'"])
def test_any_namespace_is_read(namespace: str) -> None:
    entries = {}
    for name, data in tiny_entries("").items():
        text = data.decode().replace("ofd:", "").replace(":ofd", "")
        entries[name] = text.replace('xmlns="http://www.ofdspec.org/2016"', namespace).encode()
    assert len(read_document(Package.open(write_package(entries))).pages) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"OFD.xml": None}, "not_ofd"),
        ({"OFD.xml": None, "Encryptions.xml": b"<Encryptions/>"}, "document_encrypted"),
        ({"OFD.xml": b"<OFD/>"}, "no_document"),
        ({"Doc_0/Document.xml": None}, "no_document"),
        ({"Doc_0/Document.xml": b"<Document><Pages/></Document>"}, "no_pages"),
        ({"Doc_0/Pages/Page_0/Content.xml": None}, "loc_missing"),
    ],
)
def test_a_document_that_lacks_its_bones_is_refused(changes: dict[str, bytes | None], code: str) -> None:
    entries = {name: data for name, data in (tiny_entries("") | changes).items() if data is not None}
    with pytest.raises(OfdError) as caught:
        read_document(Package.open(write_package(entries)))
    assert caught.value.code == code


def test_a_document_with_encrypted_parts_is_read_and_noted() -> None:
    package = Package.open(write_package(tiny_entries("") | {"Encryptions.xml": b"<Encryptions/>"}))
    assert len(read_document(package).pages) == 1
    assert [note.code for note in package.notes] == ["parts_encrypted"]


def test_missing_resources_are_noted_not_fatal() -> None:
    entries = tiny_entries("")
    del entries["Doc_0/PublicRes.xml"]
    package = Package.open(write_package(entries))
    assert read_document(package).resource_locs == ()
    assert [note.code for note in package.notes] == ["loc_missing"]


def test_of_several_documents_the_first_is_read_and_it_is_said() -> None:
    entries = tiny_entries("")
    body = "<ofd:DocBody><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    entries["OFD.xml"] = entries["OFD.xml"].replace(b"</ofd:OFD>", body.encode())
    entries["Doc_1/Document.xml"] = entries["Doc_0/Document.xml"].replace(b"Pages/", b"../Doc_0/Pages/")
    package = Package.open(write_package(entries))
    assert read_document(package).doc_root == "Doc_0/Document.xml"
    assert [note.code for note in package.notes] == ["several_documents"]
    assert read_document(package, 1).doc_root == "Doc_1/Document.xml"


@pytest.mark.parametrize(
    ("version", "codes"),
    [
        ("<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>", []),
        ("<ofd:DocRoot>Doc_0/Document_1.xml</ofd:DocRoot>", ["version_other"]),
        ("<ofd:DocRoot>gone.xml</ofd:DocRoot>", ["version_missing"]),
    ],
)
def test_a_current_version_that_is_another_document_is_said(version: str, codes: list[str]) -> None:
    entries = tiny_entries("")
    listed = (
        "<ofd:Versions><ofd:Version ID='v2' Index='2' Current='true' BaseLoc='/V.xml'/></ofd:Versions></ofd:DocBody>"
    )
    entries["OFD.xml"] = entries["OFD.xml"].replace(b"</ofd:DocBody>", listed.encode())
    entries["V.xml"] = f"<ofd:DocVersion {NS} ID='v2'>{version}</ofd:DocVersion>".encode()
    entries["Doc_0/Document_1.xml"] = entries["Doc_0/Document.xml"]
    package = Package.open(write_package(entries))
    assert read_document(package).doc_root == "Doc_0/Document.xml"
    assert [note.code for note in package.notes] == codes


def test_what_a_document_permits_is_read() -> None:
    entries = tiny_entries("")
    written = (
        "<ofd:Permissions><ofd:Edit>false</ofd:Edit><ofd:Signature>0</ofd:Signature><ofd:Export>maybe</ofd:Export>"
        "<ofd:Print Printable='true' Copies='3'/>"
        "<ofd:ValidPeriod StartDate='2026-01-01T08:00:00' EndDate='2026-12-31T00:00:00Z'/></ofd:Permissions>"
    )
    entries["Doc_0/Document.xml"] = entries["Doc_0/Document.xml"].replace(
        b"<ofd:Pages>", f"{written}<ofd:Pages>".encode()
    )
    found = read_document(Package.open(write_package(entries))).permissions
    assert (found.edit, found.sign, found.export, found.print, found.copies) == (False, False, True, True, 3)
    assert found.to_json()["valid_from"] == "2026-01-01T08:00:00+08:00"
    assert found.valid_to == datetime(2026, 12, 31, tzinfo=UTC)


def test_a_document_that_declares_nothing_permits_all() -> None:
    found = read_document(Package.open(write_package(tiny_entries("")))).permissions
    assert found == Permissions()
    assert (found.annotate, found.copies, found.valid_from) == (True, None, None)


@pytest.mark.parametrize(
    ("copies", "expected"), [("-1", None), ("0", 0), ("2", 2), ("many", None), ("9" * 50, 9999999999)]
)
def test_a_negative_number_of_prints_is_no_bound(copies: str, expected: int | None) -> None:
    entries = tiny_entries("")
    written = f"<ofd:Permissions><ofd:Print Printable='true' Copies='{copies}'/></ofd:Permissions><ofd:Pages>"
    entries["Doc_0/Document.xml"] = entries["Doc_0/Document.xml"].replace(b"<ofd:Pages>", written.encode())
    assert read_document(Package.open(write_package(entries))).permissions.copies == expected


@pytest.mark.parametrize("size", ["0 0 900000 900000", "0 0 -210 297", "a4"])
def test_a_page_size_that_cannot_be_used_is_passed_over_and_said(size: str) -> None:
    area = f"<ofd:Page xmlns:ofd='http://www.ofdspec.org/2016'><ofd:Area><ofd:PhysicalBox>{size}"
    page = f"{area}</ofd:PhysicalBox></ofd:Area></ofd:Page>".encode()
    package = Package.open(changed(small_ofd(1), {"Doc_0/Pages/Page_0/Content.xml": page}))
    assert read_document(package).pages[0].box == (0, 0, 210, 297)
    assert [note.code for note in package.notes] == ["page_box_unusable"]


def test_what_was_read_once_is_not_read_again_and_what_was_refused_is_refused_each_time() -> None:
    package = Package.open(small_ofd(1, "once"))
    assert read_document(package) is read_document(package)
    assert read_document(package.anew()) == read_document(package)
    for _ in range(2):
        with pytest.raises(OfdError) as refusal:
            read_document(package, 1)
        assert refusal.value.code == "no_document"
