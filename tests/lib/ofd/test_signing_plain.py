"""Digital signatures without a seal (GB/T 35275, Type="Sign")."""

import pytest

from support.sealing import signed, token_for
from support.seals import NOW, YEAR, changed, pki, sealed_ofd, small_ofd
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import Form, prepare_signing
from yichuan.lib.ofd.signatures import read_records
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.model import SesError, parse_signature

FOLDER = "Doc_0/Signs/Sign_0"


def plain(data: bytes | None = None, form: Form = Form.ATTRIBUTES) -> bytes:
    waiting = prepare_signing(data or small_ofd()).for_signer(pki().unit.certificate, NOW, form)
    return waiting.attach(pki().unit.key.sign(waiting.message)).data


@pytest.mark.parametrize("form", Form)
def test_a_plain_signature_holds_and_says_that_it_bears_no_seal(form):
    (found,) = verify(plain(form=form), trust=pki().trust, at=NOW).signatures
    assert (found.id, found.kind, found.version) == ("s001", "Sign", "35275")
    assert (found.integrity, found.signer, found.seal) == ("ok", "ok", "unknown")
    assert found.coverage.uncovered == ()
    steps = {each.name: each for each in found.steps}
    assert "deviations" not in steps
    assert steps["signing_time"].finding == "time_claimed"


def test_it_lies_in_the_package_without_seal_or_stamp():
    package = Package.open(plain())
    assert f"{FOLDER}/Seal.esl" not in package
    xml = package.read(f"{FOLDER}/Signature.xml")
    assert b"StampAnnot" not in xml
    assert b"Seal" not in xml
    assert [each.kind for each in read_records(package)] == ["Sign"]
    value = parse_signature(package.read(f"{FOLDER}/SignedValue.dat"))
    assert value.data_hash == sm3(xml)
    assert value.certificate == pki().unit.certificate.der


@pytest.mark.parametrize("form", Form)
def test_a_changed_page_is_named(form):
    page = "Doc_0/Pages/Page_1/Content.xml"
    data = plain(form=form)
    forged = Package.open(data).read(page).replace("第2页".encode(), "第9页".encode())
    (found,) = verify(changed(data, {page: forged}), trust=pki().trust, at=NOW).signatures
    steps = {each.name: each for each in found.steps}
    assert (steps["references"].ok, page in steps["references"].note) == (False, True)


@pytest.mark.parametrize("form", Form)
def test_a_changed_signature_file_breaks_it(form):
    data = plain(form=form)
    name = f"{FOLDER}/Signature.xml"
    forged = Package.open(data).read(name).replace(b'ProviderName="yichuan"', b'ProviderName="somebody"')
    (found,) = verify(changed(data, {name: forged}), trust=pki().trust, at=NOW).signatures
    assert found.integrity == "failed"


def test_a_time_stamp_proves_its_time():
    document = signed(prepare_signing(small_ofd()), pki().unit)
    (found,) = verify(document.stamped(token_for(document)).data, trust=pki().trust, at=NOW).signatures
    assert (found.integrity, found.signer, found.time) == ("ok", "ok", "ok")


def test_it_may_follow_a_seal_and_a_seal_may_follow_it():
    data = sealed_ofd(plain(sealed_ofd()))
    report = verify(data, trust=pki().trust, at=NOW)
    assert [each.kind for each in report.signatures] == ["Seal", "Sign", "Seal"]
    assert {each.integrity for each in report.signatures} == {"ok"}


def test_the_person_who_signs_is_told_that_there_is_no_seal():
    shown = prepare_signing(small_ofd()).for_signer(pki().unit.certificate, NOW).describe()
    assert (shown["seal"], shown["seal_id"], shown["stamps"], shown["files"]) == (None, None, [], 9)


def test_who_may_not_sign_is_refused():
    waiting = prepare_signing(small_ofd()).for_signer(pki().unit.certificate, NOW)
    with pytest.raises(SesError) as error:
        waiting.attach(pki().stranger.key.sign(waiting.message))
    assert error.value.code == "signature"
    with pytest.raises(SesError) as error:
        prepare_signing(small_ofd()).for_signer(pki().unit.certificate, NOW + 9 * YEAR)
    assert error.value.code == "certificate_period"
