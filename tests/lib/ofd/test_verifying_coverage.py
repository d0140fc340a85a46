"""Coverage: which files that are seen are protected, and what it means when one is not."""

import base64
import re
from pathlib import Path

import pytest

from support.seals import (
    changed,
    sealed_ofd,
    small_ofd,
)
from support.verified import LIST, SIGNATURE, VALUE, check, failed, original_xml, resigned
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.package import OfdError, Package
from yichuan.lib.ofd.scene.reader import SceneReader
from yichuan.lib.ofd.signatures_coverage import seen_files


def test_a_seen_file_that_is_not_protected_is_named_and_spoils_the_trust():
    xml = re.sub(rb'<ofd:Reference FileRef="/Doc_0/Pages/Page_2.*?</ofd:Reference>', b"", original_xml())
    signature = check(resigned(xml))
    assert signature.coverage.uncovered == ("Doc_0/Pages/Page_2/Content.xml",)
    assert failed(signature) == {"coverage": "not protected, yet seen: Doc_0/Pages/Page_2/Content.xml"}
    assert signature.integrity == "ok"
    assert not signature.valid_and_trusted


def test_fonts_templates_annotations_and_attachments_count_as_seen():
    document = Package.open(small_ofd()).read("Doc_0/Document.xml")
    document = document.replace(b"</ofd:CommonData>", b'<ofd:TemplatePage ID="9" BaseLoc="T.xml"/></ofd:CommonData>')
    document = document.replace(
        b"</ofd:Document>",
        b"<ofd:Annotations>Annots.xml</ofd:Annotations><ofd:Attachments>Att.xml</ofd:Attachments></ofd:Document>",
    )
    space = b'xmlns:ofd="http://www.ofdspec.org/2016"'
    listing = b"<ofd:A " + space + b"><ofd:Page><ofd:FileLoc>%s</ofd:FileLoc></ofd:Page></ofd:A>"
    files = {
        "Doc_0/Document.xml": document,
        "Doc_0/T.xml": b"<ofd:Page " + space + b"/>",
        "Doc_0/Annots.xml": listing % b"Annot.xml",
        "Doc_0/Annot.xml": b"<ofd:PageAnnot " + space + b"/>",
        "Doc_0/Att.xml": listing % b"data.bin",
        "Doc_0/data.bin": b"attached",
        "Doc_0/cover.png": b"shown in lists of documents",
        "OFD.xml": Package.open(small_ofd())
        .read("OFD.xml")
        .replace(b"</ofd:DocInfo>", b"<ofd:Cover>Doc_0/cover.png</ofd:Cover></ofd:DocInfo>"),
    }
    sealed = sealed_ofd(changed(small_ofd(), dict(files)))
    xml = re.sub(rb"<ofd:Reference .*?</ofd:Reference>", b"", Package.open(sealed).read(SIGNATURE))
    uncovered = check(changed(sealed, {SIGNATURE: xml})).coverage.uncovered
    assert {*files, "Doc_0/Res/font.otf", "Doc_0/PublicRes.xml", "OFD.xml"} <= set(uncovered)


def test_a_resource_file_counts_whatever_it_is_called():
    package = Package.open(small_ofd())
    renamed = {
        "Doc_0/Document.xml": package.read("Doc_0/Document.xml").replace(b"PublicRes.xml", b"public.res"),
        "Doc_0/public.res": package.read("Doc_0/PublicRes.xml"),
        "Doc_0/PublicRes.xml": None,
    }
    sealed = sealed_ofd(changed(small_ofd(), renamed))
    xml = re.sub(rb"<ofd:Reference .*?</ofd:Reference>", b"", Package.open(sealed).read(SIGNATURE))
    uncovered = check(changed(sealed, {SIGNATURE: xml})).coverage.uncovered
    assert {"Doc_0/public.res", "Doc_0/Res/font.otf"} <= set(uncovered)


def test_a_file_that_nothing_shows_may_lie_beside():
    signature = check(changed(sealed_ofd(), {"META-INF/notes.txt": b"of no effect"}))
    assert signature.valid_and_trusted
    assert not signature.coverage.whole


def test_protection_of_the_list_too_is_whole():
    listing = Package.open(sealed_ofd()).read(LIST)

    reference = (
        b'<ofd:Reference FileRef="/Doc_0/Signs/Signatures.xml"><ofd:CheckValue>%s</ofd:CheckValue></ofd:Reference>'
    )
    reference %= base64.b64encode(sm3(listing))
    signature = check(resigned(original_xml().replace(b"</ofd:References>", reference + b"</ofd:References>")))
    assert signature.coverage.whole
    assert signature.valid_and_trusted


def test_a_resource_file_with_the_name_of_page_content_counts_too():
    package = Package.open(small_ofd())
    renamed = {
        "Doc_0/Document.xml": package.read("Doc_0/Document.xml").replace(b"PublicRes.xml", b"FontContent.xml"),
        "Doc_0/FontContent.xml": package.read("Doc_0/PublicRes.xml"),
        "Doc_0/PublicRes.xml": None,
    }
    sealed = sealed_ofd(changed(small_ofd(), renamed))
    xml = re.sub(
        rb'<ofd:Reference FileRef="/Doc_0/Res/font.otf".*?</ofd:Reference>', b"", Package.open(sealed).read(SIGNATURE)
    )
    assert check(changed(sealed, {SIGNATURE: xml})).coverage.uncovered == ("Doc_0/Res/font.otf",)


def test_an_attachment_in_xml_names_nothing_that_is_seen():
    document = Package.open(small_ofd()).read("Doc_0/Document.xml")
    space = b'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = (
        b"<ofd:Attachments "
        + space
        + b"><ofd:Attachment><ofd:FileLoc>a.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"
    )
    files = {
        "Doc_0/Document.xml": document.replace(
            b"</ofd:Document>", b"<ofd:Attachments>Att.xml</ofd:Attachments></ofd:Document>"
        ),
        "Doc_0/Att.xml": listed,
        "Doc_0/a.xml": b"<invoice><FileLoc>b.bin</FileLoc></invoice>",
        "Doc_0/b.bin": b"of no effect",
    }
    sealed = sealed_ofd(changed(small_ofd(), dict(files)))
    xml = re.sub(rb"<ofd:Reference .*?</ofd:Reference>", b"", Package.open(sealed).read(SIGNATURE))
    uncovered = check(changed(sealed, {SIGNATURE: xml})).coverage.uncovered
    assert "Doc_0/a.xml" in uncovered
    assert "Doc_0/b.bin" not in uncovered


ANNOTATIONS = (
    b'<ofd:Annotations xmlns:ofd="http://www.ofdspec.org/2016">'
    b"<ofd:Page PageID='1'><ofd:FileLoc>Annot.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>"
)
FONTS = (
    b'<ofd:Other xmlns:ofd="http://www.ofdspec.org/2016" BaseLoc="Hidden"><ofd:Fonts><ofd:Font ID="90">'
    b"<ofd:FontFile>Annot.xml</ofd:FontFile></ofd:Font></ofd:Fonts></ofd:Other>"
)


def with_annotations(listing: bytes, **more: bytes) -> dict[str, bytes]:
    """The files of a document whose list of annotations names Annot.xml, which is not there yet."""
    document = Package.open(small_ofd()).read("Doc_0/Document.xml")
    pointer = b"<ofd:Annotations>Annots.xml</ofd:Annotations></ofd:Document>"
    return {
        "Doc_0/Document.xml": document.replace(b"</ofd:Document>", pointer),
        "Doc_0/Annots.xml": listing,
        **more,
    }


def with_other_resources() -> dict[str, bytes]:
    document = Package.open(small_ofd()).read("Doc_0/Document.xml")
    pointer = b"<ofd:DocumentRes>Other.xml</ofd:DocumentRes></ofd:CommonData>"
    return {"Doc_0/Document.xml": document.replace(b"</ofd:CommonData>", pointer), "Doc_0/Other.xml": FONTS}


def with_cover() -> dict[str, bytes]:
    info = Package.open(small_ofd()).read("OFD.xml")
    cover = b"<ofd:Cover>Doc_0/Document.xml</ofd:Cover></ofd:DocInfo>"
    return with_annotations(ANNOTATIONS, **{"OFD.xml": info.replace(b"</ofd:DocInfo>", cover)})


def in_a_resource_root() -> dict[str, bytes]:
    listing = ANNOTATIONS.replace(b"<ofd:Annotations", b'<ofd:Res BaseLoc="Decoy"')
    listing = listing.replace(b"</ofd:Annotations>", b"</ofd:Res>")
    return with_annotations(listing, **{"Doc_0/Decoy/Annot.xml": ANNOTATIONS})


@pytest.mark.parametrize(
    ("prepared", "put_in"),
    [
        pytest.param(with_annotations(ANNOTATIONS), "Doc_0/Annot.xml", id="a name without a file"),
        pytest.param(
            with_annotations(ANNOTATIONS.replace(b"</ofd:FileLoc>", b"<ofd:x/></ofd:FileLoc>")),
            "Doc_0/Annot.xml",
            id="an element inside the name",
        ),
        pytest.param(with_cover(), "Doc_0/Annot.xml", id="the document named as its own cover"),
        pytest.param(with_other_resources(), "Doc_0/Hidden/Annot.xml", id="resources under another name"),
        pytest.param(in_a_resource_root(), "Doc_0/Annot.xml", id="a decoy in the folder of resources"),
    ],
)
def test_a_file_put_in_after_signing_counts_however_its_place_was_prepared(prepared, put_in: str):
    sealed = sealed_ofd(changed(small_ofd(), dict(prepared)))
    assert check(sealed).valid_and_trusted
    signature = check(changed(sealed, {put_in: b'<ofd:PageAnnot xmlns:ofd="http://www.ofdspec.org/2016"/>'}))
    assert signature.coverage.uncovered == (put_in,)
    assert not signature.valid_and_trusted


@pytest.mark.parametrize(
    "listing",
    [
        pytest.param(b"<!DOCTYPE x>" + ANNOTATIONS, id="a document type"),
        pytest.param(b'<!DOCTYPE x [<!ENTITY a "&#60;y/>">]><x>&a;</x>', id="an entity that hides all words"),
        pytest.param(('<?xml version="1.0" encoding="cp037"?><x/>').encode("cp037"), id="EBCDIC"),
        pytest.param(ANNOTATIONS[:-9], id="cut off"),
    ],
)
def test_a_list_that_only_other_readers_may_read_spoils_the_trust(listing: bytes):
    signature = check(sealed_ofd(changed(small_ofd(), dict(with_annotations(listing)))))
    assert signature.coverage.uncovered == ("Doc_0/Annots.xml",)
    note = "cannot be read here, so what they name cannot be known: Doc_0/Annots.xml"
    assert failed(signature) == {"coverage": note}
    assert not signature.valid_and_trusted


def test_a_signature_value_that_is_an_attachment_besides_is_not_protected():
    document = Package.open(small_ofd()).read("Doc_0/Document.xml")
    listing = b'<x><Attachment ID="1"><FileLoc>/%s</FileLoc></Attachment></x>' % VALUE.encode()
    files = {
        "Doc_0/Document.xml": document.replace(
            b"</ofd:Document>", b"<ofd:Attachments>Att.xml</ofd:Attachments></ofd:Document>"
        ),
        "Doc_0/Att.xml": listing,
    }
    sealed = sealed_ofd(changed(small_ofd(), dict(files)))
    longer = changed(sealed, {VALUE: Package.open(sealed).read(VALUE) + b"another text"})
    assert check(longer).coverage.uncovered == (VALUE,)


class Watched(Package):
    """A package that remembers which entries were asked for."""

    opened: set[str]

    def read(self, name: str) -> bytes:
        self.opened.add(name)
        return super().read(name)


@pytest.mark.samples
def test_whatever_drawing_opens_counts_as_seen(samples: Path):
    drawn = 0
    for file in sorted((samples / "ofd").rglob("*.ofd")):
        package = Watched.open(file.read_bytes())
        package.opened = set()
        try:
            reader = SceneReader(package)
            for number in range(min(len(reader.document.pages), 6)):
                reader.scene(number, stamps=False)
        except OfdError:
            continue
        drawn += 1
        seen, unread = seen_files(Package.open(file.read_bytes()))
        assert package.opened - seen == set(), file.name
        assert unread == set(), file.name
    assert drawn > 30
