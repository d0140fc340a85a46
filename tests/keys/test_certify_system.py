"""签发系统接入证书: for the key that a system proves to have, under the name that the security officer gives it."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from support.certificates import officer
from support.gm import DISTID, openssl_output
from support.world import World
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.certify_system import certify_system
from yichuan.keys.services.check import check_certificate
from yichuan.keys.states import Use
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.org.duties import Duty

PAGE = "/certificates/system/"


@pytest.fixture
def request_file(tmp_path: Path) -> bytes:
    (tmp_path / "key").write_bytes(PrivateKey.generate().to_pem())
    subject = ("-subj", "/CN=the centre itself")
    return openssl_output("req", "-new", "-key", tmp_path / "key", *subject, "-sm3", "-sigopt", DISTID)


def test_it_is_issued_under_the_officers_name_and_lets_the_system_in(world: World, request_file: bytes) -> None:
    browser = world.browser(officer(world))
    assert "签发系统接入证书" in browser.get("/certificates/").content.decode()
    given = {"name": "市环保局办公系统", "request": SimpleUploadedFile("oa.csr", request_file)}
    answer = browser.post(PAGE, given)
    row = IssuedCertificate.objects.get(use=Use.TLS_CLIENT)
    assert (answer.status_code, answer["Location"]) == (302, f"/certificates/{row.pk}/")
    assert (row.subject, row.holder_kind) == ("市环保局办公系统", "system")
    assert check_certificate(row.certificate, Use.TLS_CLIENT, clock.now()).row == row


def test_what_is_wrong_stands_beside_its_field(world: World, request_file: bytes) -> None:
    browser = world.browser(officer(world))
    cases = [
        ({"name": "", "request": request_file}, "请填写系统名称"),
        ({"name": "看\u202e不见", "request": request_file}, "看不见的字符"),
        ({"name": "办公系统", "request": b"junk"}, "读不出证书请求"),
    ]
    for given, word in cases:
        data = {"name": given["name"], "request": SimpleUploadedFile("oa.csr", bytes(given["request"]))}  # type: ignore[arg-type]
        answer = browser.post(PAGE, data)
        assert answer.status_code == 422
        assert word in answer.content.decode()
    assert "请选择证书请求文件" in browser.post(PAGE, {"name": "办公系统"}).content.decode()


def test_one_request_is_certified_once(world: World, request_file: bytes) -> None:
    actor = officer(world)
    certify_system(actor=actor, name="办公系统", request=request_file)
    with pytest.raises(Invalid) as refusal:
        certify_system(actor=actor, name="别的系统", request=request_file)
    assert "request" in refusal.value.errors


@pytest.mark.parametrize("duty", [Duty.SYSTEM_ADMIN, Duty.AUDITOR])
def test_only_the_security_officer_may(world: World, request_file: bytes, duty: Duty) -> None:
    other = world.holder(duty)
    with pytest.raises(NotAllowed):
        certify_system(actor=other, name="办公系统", request=request_file)
    assert world.browser(other).get(PAGE).status_code == 403
