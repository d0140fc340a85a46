"""Sealing an OFD."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from support.seals import NOW, PNG, YEAR, changed, make_seal, pki, sealed_ofd, small_ofd
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import Stamp, prepare_sealing
from yichuan.lib.ofd.signatures import read_records, read_signature_file
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.model import Picture, SesError, parse_seal, parse_signature

CENTRE = [Stamp(0, 105, 148.5)]
STAMPS = st.builds(Stamp, st.integers(0, 2), st.floats(0, 210), st.floats(0, 297))


def prepare(data: bytes | None = None, stamps: list[Stamp] | None = None):
    return prepare_sealing(data or small_ofd(), pki().seal, CENTRE if stamps is None else stamps)


def to_sign():
    return prepare().for_signer(pki().unit.certificate, NOW)


def test_a_sealed_document_is_valid_and_trusted():
    report = verify(sealed_ofd(), trust=pki().trust, at=NOW)
    assert report.valid_and_trusted
    assert [(each.id, each.kind, each.version) for each in report.signatures] == [("s001", "Seal", "v4")]


def test_every_file_but_the_list_and_the_signature_itself_is_protected():
    package = Package.open(sealed_ofd())
    file = read_signature_file(package, "Doc_0/Signs/Sign_0/Signature.xml")
    left_out = {
        "Doc_0/Signs/Signatures.xml",
        "Doc_0/Signs/Sign_0/Signature.xml",
        "Doc_0/Signs/Sign_0/SignedValue.dat",
    }
    assert {each.entry for each in file.references} == set(package.names()) - left_out


def test_the_bytes_of_the_document_stay_but_for_the_pointer_in_ofd_xml():
    before, after = Package.open(small_ofd()), Package.open(sealed_ofd())
    kept = [name for name in before.names() if name != "OFD.xml"]
    assert [after.read(name) for name in kept] == [before.read(name) for name in kept]
    assert b"<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody>" in after.read("OFD.xml")


def test_signature_xml_has_the_schemas_order_and_the_standards_words():
    root = Package.open(sealed_ofd(stamps=[Stamp(0, 140, 220), Stamp(4, 100.5, 60)])).xml(
        "Doc_0/Signs/Sign_0/Signature.xml"
    )
    space = "{http://www.ofdspec.org/2016}"
    assert [each.tag for each in root] == [f"{space}SignedInfo", f"{space}SignedValue"]
    names = [etree.QName(each).localname for each in root[0]]
    assert names == [
        "Provider",
        "SignatureMethod",
        "SignatureDateTime",
        "References",
        "StampAnnot",
        "StampAnnot",
        "Seal",
    ]
    assert root[0].findtext(f"{space}SignatureMethod") == "1.2.156.10197.1.501"
    assert root[0].findtext(f"{space}SignatureDateTime") == "20261121090000Z"
    assert root[0].find(f"{space}References").get("CheckMethod") == "1.2.156.10197.1.401"
    assert dict(root[0][4].attrib) == {"ID": "s002", "PageRef": "101", "Boundary": "117.5 197.5 45 45"}
    assert dict(root[0][5].attrib) == {"ID": "s003", "PageRef": "105", "Boundary": "78 37.5 45 45"}


def test_the_seal_lies_beside_the_signature_byte_for_byte():
    package = Package.open(sealed_ofd())
    assert package.read("Doc_0/Signs/Sign_0/Seal.esl") == pki().seal.der
    value = parse_signature(package.read("Doc_0/Signs/Sign_0/SignedValue.dat"))
    assert value.seal == parse_seal(pki().seal.der)
    assert value.property_info == "/Doc_0/Signs/Sign_0/Signature.xml"
    assert value.data_hash == sm3(package.read("Doc_0/Signs/Sign_0/Signature.xml"))


def test_the_person_who_signs_is_told_what():
    shown = to_sign().describe()
    assert shown["title"] == "江府办〔2008〕44号"
    assert (shown["pages"], shown["files"]) == (5, 10)
    assert (shown["seal"], shown["signer"]) == ("江门市人民政府办公室", "江门市人民政府办公室")
    assert shown["at"] == "2026-11-21T09:00:00+00:00"
    assert shown["stamps"] == [{"page": 1, "box_mm": [82.5, 126.0, 45.0, 45.0]}]
    assert re.fullmatch("[0-9a-f]{64}", str(shown["signature_xml_sm3"]))


def test_the_same_signature_always_gives_the_same_package():
    waiting = to_sign()
    signature = pki().unit.key.sign(waiting.message)
    assert waiting.attach(signature) == waiting.attach(signature)
    assert waiting.attach(signature).signature_id == "s001"


def test_a_signature_of_somebody_else_is_refused():
    waiting = to_sign()
    with pytest.raises(SesError) as error:
        waiting.attach(pki().stranger.key.sign(waiting.message))
    assert error.value.code == "signature"


@pytest.mark.parametrize(
    ("certificate", "at", "code"),
    [
        (pki().stranger.certificate, NOW, "not_in_seal"),
        (pki().unit.certificate, NOW + YEAR, "seal_period"),
        (pki().unit.certificate, datetime(2026, 11, 21), "time"),  # noqa: DTZ001 - naive on purpose
    ],
)
def test_who_may_not_sign_is_refused(certificate, at, code):
    with pytest.raises(SesError) as error:
        prepare().for_signer(certificate, at)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("stamps", "code"),
    [
        ([], "no_stamp"),
        ([Stamp(5, 100, 100)], "stamp_page"),
        ([Stamp(-1, 100, 100)], "stamp_page"),
        ([Stamp(0, 211, 100)], "stamp_place"),
        ([Stamp(0, 100, -1)], "stamp_place"),
        ([Stamp(0, float("nan"), 100)], "stamp_place"),
    ],
)
def test_a_stamp_off_the_document_is_refused(stamps, code):
    with pytest.raises(OfdError) as error:
        prepare(stamps=stamps)
    assert error.value.code == code


@pytest.mark.parametrize("written", [b'ID="101"', b"", b'ID=" "'])
def test_a_page_that_no_stamp_could_name_is_refused(written):
    name = "Doc_0/Document.xml"
    listing = Package.open(small_ofd()).read(name).replace(b'ID="102"', written)
    with pytest.raises(OfdError) as error:
        prepare(changed(small_ofd(), {name: listing}), [Stamp(1, 105, 148.5)])
    assert error.value.code == "page_id"


@pytest.mark.parametrize("size", [0, -4, 2**512])
def test_a_seal_without_a_sensible_size_is_refused(size):
    seal = replace(pki().seal, picture=Picture("png", PNG, size, size))
    with pytest.raises(OfdError) as error:
        prepare_sealing(small_ofd(), seal, CENTRE)
    assert error.value.code == "seal_picture"


def test_a_second_seal_leaves_the_first_as_it_was():
    first = sealed_ofd()
    other = make_seal(pki().maker, pki().stranger, name="江门市环境保护局")
    second = sealed_ofd(first, seal=other, signer=pki().stranger, stamps=[Stamp(0, 60, 220)])
    report = verify(second, trust=pki().trust, at=NOW)
    assert [(each.id, each.valid_and_trusted) for each in report.signatures] == [("s001", True), ("s003", True)]
    before, after = Package.open(first), Package.open(second)
    same = [name for name in before.names() if name != "Doc_0/Signs/Signatures.xml"]
    assert [after.read(name) for name in same] == [before.read(name) for name in same]
    protected = {each.entry for each in read_signature_file(after, "Doc_0/Signs/Sign_1/Signature.xml").references}
    assert {f"Doc_0/Signs/Sign_0/{name}" for name in ("Signature.xml", "SignedValue.dat", "Seal.esl")} <= protected


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(STAMPS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_however_many_seals_follow_each_earlier_entry_and_verdict_stays(rounds):
    data = small_ofd(3)
    kept: dict[str, bytes] = {}
    for stamps in rounds:
        data = sealed_ofd(data, stamps=stamps)
        package = Package.open(data)
        lines = re.findall(rb"<ofd:Signature .*?/>", package.read("Doc_0/Signs/Signatures.xml"))
        for name, content in kept.items():
            assert b"".join(lines).startswith(content) if name == "lines" else package.read(name) == content, name
        kept = {name: package.read(name) for name in package.names() if "/Sign_" in name} | {"lines": b"".join(lines)}
    report = verify(data, trust=pki().trust, at=NOW)
    assert len(report.signatures) == len(rounds)
    assert report.valid_and_trusted
    assert len({each.id for each in report.signatures}) == len(rounds)


def test_ids_go_on_after_the_highest_that_signatures_and_stamps_have_used():
    data = sealed_ofd(stamps=[Stamp(0, 50, 50), Stamp(1, 50, 50)])
    listing = Package.open(sealed_ofd(data)).xml("Doc_0/Signs/Signatures.xml")
    assert [each.text or each.get("ID") for each in listing] == ["s005", "s001", "s004"]


def test_a_wholly_protected_document_takes_no_further_seal():
    first = sealed_ofd()
    signature = "Doc_0/Signs/Sign_0/Signature.xml"
    whole = Package.open(first).read(signature).replace(b'"/OFD.xml"', b'"/Doc_0/Signs/Signatures.xml"')
    with pytest.raises(OfdError) as error:
        prepare(changed(first, {signature: whole}))
    assert error.value.code == "whole_protected"


def test_a_listed_signature_that_is_missing_is_not_built_upon():
    with pytest.raises(OfdError) as error:
        prepare(changed(sealed_ofd(), {"Doc_0/Signs/Sign_0/Signature.xml": None}))
    assert error.value.code == "signature_invalid"


def test_a_list_that_ofd_xml_names_but_nobody_wrote_is_created_there():
    pointing = Package.open(small_ofd()).read("OFD.xml")
    pointing = pointing.replace(b"</ofd:DocBody>", b"<ofd:Signatures>Doc_0/Seals.xml</ofd:Signatures></ofd:DocBody>")
    data = sealed_ofd(changed(small_ofd(), {"OFD.xml": pointing}))
    package = Package.open(data)
    assert package.read("OFD.xml") == pointing
    assert [each.entry for each in read_records(package)] == ["Doc_0/Sign_0/Signature.xml"]
    assert verify(data, trust=pki().trust, at=NOW).valid_and_trusted


def test_a_list_place_outside_the_package_is_refused():
    pointing = Package.open(small_ofd()).read("OFD.xml")
    pointing = pointing.replace(b"</ofd:DocBody>", b"<ofd:Signatures>../up.xml</ofd:Signatures></ofd:DocBody>")
    with pytest.raises(OfdError) as error:
        prepare(changed(small_ofd(), {"OFD.xml": pointing}))
    assert error.value.code == "signatures_loc"


def test_a_document_in_a_chinese_folder_can_be_sealed():
    package = Package.open(small_ofd())
    entries: dict[str, bytes | None] = dict.fromkeys(package.names())
    for name in package.names():
        entries[name.replace("Doc_0", "文档")] = package.read(name).replace(b"Doc_0", "文档".encode())
    entries["OFD.xml"] = package.read("OFD.xml").replace(b"Doc_0", "文档".encode())
    assert verify(sealed_ofd(changed(small_ofd(), entries)), trust=pki().trust, at=NOW).valid_and_trusted
