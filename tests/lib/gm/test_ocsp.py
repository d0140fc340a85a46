"""Asking for and giving the status of certificates, with the `openssl` command as a witness."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.gm import DAY, DISTID, NOW, YEAR, Holder, make, openssl_output, pki
from yichuan.lib.gm.crl import Reason
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.ocsp import (
    SM3,
    Answer,
    CertId,
    Request,
    Response,
    Status,
    Trouble,
    make_response,
    refuse,
)
from yichuan.lib.gm.x509 import OCSP_SIGNING, Profile

HOUR = timedelta(hours=1)
NONCE = bytes(range(32))
SHA1, SHA256 = "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1"


@cache
def responder() -> Holder:
    return make(Profile.OCSP, "状态应答", pki().intermediate)


def asked(algorithm: str = SM3) -> CertId:
    return CertId.of(pki().signer.certificate.serial, pki().intermediate.certificate, algorithm)


def said(status: Status = Status.GOOD, **more: object) -> Answer:
    return replace(Answer(asked(), status, NOW, NOW + HOUR), **more)  # type: ignore[arg-type]


def given_by(by: Holder, *answers: Answer, nonce: bytes | None = NONCE) -> bytes:
    return make_response(by.certificate, by.key.sign, answers=answers, produced_at=NOW, nonce=nonce)


def heard(der: bytes, **how: object) -> Answer:
    p = pki()
    how = {"at": NOW, "nonce": NONCE} | how
    return Response.from_der(der).answer(p.signer.certificate, p.intermediate.certificate, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("algorithm", [SM3, SHA1, SHA256])
def test_a_request_is_read_as_it_was_made(algorithm: str) -> None:
    request = Request((asked(algorithm),), NONCE)
    assert Request.from_der(request.to_der()) == request
    assert request.asked[0].is_of(pki().intermediate.certificate)
    assert not request.asked[0].is_of(pki().root.certificate)


def test_a_request_of_the_openssl_command_is_read(tmp_path: Path) -> None:
    p = pki()
    (tmp_path / "issuer").write_bytes(p.intermediate.certificate.to_pem())
    (tmp_path / "signer").write_bytes(p.signer.certificate.to_pem())
    openssl_output(
        "ocsp", "-issuer", tmp_path / "issuer", "-cert", tmp_path / "signer", "-reqout", tmp_path / "request"
    )
    request = Request.from_der((tmp_path / "request").read_bytes())
    assert request.asked == (asked(SHA1),)
    assert request.nonce


def test_the_openssl_command_reads_a_response_and_its_signature(tmp_path: Path) -> None:
    revoked = said(Status.REVOKED, revoked_at=NOW - DAY, reason=Reason.KEY_COMPROMISE)
    der = given_by(responder(), revoked)
    (tmp_path / "response").write_bytes(der)
    text = openssl_output("ocsp", "-respin", tmp_path / "response", "-resp_text", "-noverify").decode()
    for part in ("Cert Status: revoked", "keyCompromise", f"{pki().signer.certificate.serial:X}"):
        assert part in text
    response = Response.from_der(der)
    for name, data in (("tbs", response.tbs), ("signature", response.signature)):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "certificate").write_bytes(responder().certificate.to_pem())
    (tmp_path / "key").write_bytes(openssl_output("x509", "-in", tmp_path / "certificate", "-pubkey", "-noout"))
    verify = ("dgst", "-sm3", "-verify", tmp_path / "key", "-sigopt", DISTID, "-signature", tmp_path / "signature")
    assert b"Verified OK" in openssl_output(*verify, tmp_path / "tbs")


def test_good_revoked_and_unknown_are_heard_as_they_were_said() -> None:
    revoked = said(Status.REVOKED, revoked_at=NOW - DAY, reason=Reason.CERTIFICATE_HOLD)
    for answer in (said(), revoked, said(Status.UNKNOWN)):
        assert heard(given_by(responder(), answer)) == answer


def test_the_issuer_may_answer_itself() -> None:
    assert heard(given_by(pki().intermediate, said())).status is Status.GOOD


def test_the_responders_certificate_is_for_answering_and_is_not_asked_about() -> None:
    certificate = responder().certificate
    assert certificate.extended_key_usage == {OCSP_SIGNING}
    assert "OCSP No Check" in openssl_output("x509", "-noout", "-text", stdin=certificate.to_pem()).decode()


@pytest.mark.parametrize(
    ("der", "how", "code"),
    [
        (lambda: given_by(pki().signer, said()), {}, "wrong_responder"),
        (lambda: given_by(make(Profile.OCSP, "别人", pki().root), said()), {}, "wrong_responder"),
        (lambda: given_by(responder(), said()), {"at": NOW + 3 * YEAR}, "wrong_responder"),
        (lambda: given_by(responder(), said())[:-900] + b"", {}, "bad_response"),
        (lambda: given_by(responder(), said(), nonce=b"another"), {}, "wrong_nonce"),
        (lambda: given_by(responder(), said()), {"at": NOW + DAY}, "stale"),
        (lambda: given_by(responder()), {}, "not_asked"),
        (lambda: refuse(Trouble.TRY_LATER), {}, "no_answer"),
    ],
    ids=["a signer", "of another CA", "ended", "cut", "played again", "old", "silent", "no answer"],
)
def test_what_is_not_in_order_is_not_believed(der, how, code) -> None:
    with pytest.raises(GmError) as refusal:
        heard(der(), **how)
    assert refusal.value.code == code


def test_a_changed_answer_is_noticed() -> None:
    der = given_by(responder(), said(Status.REVOKED, revoked_at=NOW - DAY))
    changed = der.replace(f"{NOW - DAY:%Y%m%d%H%M%S}Z".encode(), f"{NOW:%Y%m%d%H%M%S}Z".encode())
    assert changed != der
    with pytest.raises(GmError) as refusal:
        heard(changed)
    assert refusal.value.code == "wrong_signature"


def test_the_signer_must_be_the_responders_own() -> None:
    with pytest.raises(GmError) as refusal:
        make_response(responder().certificate, pki().signer.key.sign, answers=[said()], produced_at=NOW)
    assert refusal.value.code == "wrong_signature"


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30\x00",
        Request(()).to_der(),
        Request((CertId(SM3, b"", b"", 1),) * 17).to_der(),
        Request((CertId(SM3, b"", b"", 1),), b"x" * 129).to_der(),
        b"\x30" * 5000,
    ],
    ids=["empty", "nothing", "nobody", "too many", "long nonce", "too long"],
)
def test_a_request_out_of_bounds_is_refused(der: bytes) -> None:
    with pytest.raises(GmError) as refusal:
        Request.from_der(der)
    assert refusal.value.code == "bad_request"


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_hostile_bytes_raise_nothing_else(place: int, change: int) -> None:
    for read, whole in ((Request.from_der, Request((asked(),), NONCE).to_der()), (Response.from_der, _whole())):
        data = bytearray(whole)
        data[place % len(data)] ^= change
        try:
            read(bytes(data))
        except GmError:
            continue


@cache
def _whole() -> bytes:
    return given_by(responder(), said())
