"""What a verification says: in English and Chinese, and every leniency by name."""

import inspect
import re

import pytest

from support.seals import NOW, YEAR, changed, make_holder, make_seal, pki, sealed_ofd, small_ofd
from support.verified import check, original_xml, resigned
from yichuan.lib.gm import _path
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.findings import FINDINGS, PATH_ZH


def test_every_step_has_its_title_and_note_in_chinese_too():
    for step in check(sealed_ofd()).steps:
        assert re.search("[一-龥]", step.title_zh), step
        assert re.search("[一-龥]", step.note_zh), step


def test_the_chinese_and_the_english_of_a_finding_say_the_same_things():
    for key, (english, chinese) in FINDINGS.items():
        filled = [set(re.findall(r"{(\w+)}", text)) for text in (english, chinese)]
        assert filled[0] == filled[1], key


def test_what_is_wrong_with_a_certificate_is_said_in_chinese_without_english():
    late = make_holder(Profile.SIGNER, "江门市水利局", pki().root, start=NOW)
    cases = {
        "没有可信根证书可以验证它：没有“江门市人民政府办公室”的颁发者": check(sealed_ofd(), trust=[]),
        "证书可信（由“江门市电子公文交换中心根证书”验证）": check(sealed_ofd()),
        "证书链不成立：“江门市水利局”的证书当时尚未生效": check(
            resigned(original_xml(), seal=make_seal(pki().maker, late), signer=late, at=NOW - YEAR / 4)
        ),
    }
    for words, signature in cases.items():
        note = next(each.note_zh for each in signature.steps if each.name == "signer_certificate")
        assert note.startswith(words), note
        assert not re.search("[A-Za-z]{3}", note)


def test_every_way_a_path_can_end_has_words_in_chinese():
    text = inspect.getsource(_path)
    codes = set(re.findall(r"`(\w+)`", _path.PathResult.__doc__ or "")) & set(re.findall(r'"(\w+)"', text))
    assert codes - {"revoked", "revocation_unknown"} <= set(PATH_ZH)
    assert {"expired", "untrusted_root", "too_complex"} <= codes


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"http://www.ofdspec.org/2016", b"http://www.ofdspec.org", "namespace"),
        (b"<ofd:SignedValue>/Doc_0/Signs/Sign_0/SignedValue.dat</ofd:SignedValue>", b"", "element_order"),
        (b'ProviderName="', b'Name="', "provider_children"),
    ],
)
def test_a_signature_file_that_departs_from_the_standard_is_noted(old, new, code):
    xml = original_xml()
    assert old in xml
    changed_xml = xml.replace(old, new)
    if code == "element_order":
        changed_xml = changed_xml.replace(b"<ofd:SignedInfo>", old + b"<ofd:SignedInfo>")
    if code == "provider_children":
        changed_xml = re.sub(
            rb"<ofd:Provider ([^>]*)/>",
            rb"<ofd:Provider \1><ofd:ProviderName>x</ofd:ProviderName></ofd:Provider>",
            changed_xml,
        )
    report = verify(resigned(changed_xml), trust=pki().trust, at=NOW)
    assert report.valid_and_trusted
    assert [note.code for note in report.notes] == [code]


def test_a_signature_method_that_is_not_the_one_used_is_remarked():
    xml = original_xml().replace(b"1.2.156.10197.1.501", b"1.2.840.113549.1.1.11")
    steps = {each.name: each.note for each in check(resigned(xml)).steps}
    assert "'1.2.840.113549.1.1.11' is written for SM2 with SM3" in steps["deviations"]


def test_what_the_document_declares_against_its_use_is_noted():
    document = Package.open(small_ofd()).read("Doc_0/Document.xml")
    written = (
        b"<ofd:Permissions><ofd:Signature>false</ofd:Signature>"
        b'<ofd:ValidPeriod EndDate="2026-01-01T00:00:00"/></ofd:Permissions></ofd:Document>'
    )
    unsigned = changed(small_ofd(), {"Doc_0/Document.xml": document.replace(b"</ofd:Document>", written)})
    report = verify(sealed_ofd(unsigned), trust=pki().trust, at=NOW)
    assert [note.code for note in report.notes] == ["signing_not_permitted", "outside_valid_period"]
    assert report.permissions is not None
    assert not report.permissions.sign
    assert report.valid_and_trusted  # a declaration is no finding about the signature
    assert verify(unsigned, trust=[], at=NOW - 2 * YEAR).notes == ()
