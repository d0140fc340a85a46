"""Certification requests, as the `openssl` command makes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.gm import DISTID, openssl_output
from yichuan.lib.gm.csr import SigningRequest
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PrivateKey

KEY = PrivateKey.generate()


def request_of(folder: Path, *, curve: str = "SM2", distid: str = DISTID) -> bytes:
    """A request in DER, by the command."""
    key = folder / "key"
    key.write_bytes(KEY.to_pem() if curve == "SM2" else openssl_output("ecparam", "-name", curve, "-genkey", "-noout"))
    subject = ("-subj", "/CN=oa.example/O=Jiangmen")
    how = ("-sm3", "-sigopt", distid) if curve == "SM2" else ("-sha256",)
    return openssl_output("req", "-new", "-key", key, *subject, *how, "-outform", "DER")


def code(data: bytes) -> str:
    with pytest.raises(GmError) as refusal:
        SigningRequest.read(data)
    return refusal.value.code


def test_a_request_of_the_command_is_read(tmp_path: Path) -> None:
    der = request_of(tmp_path)
    pem = openssl_output("req", "-inform", "DER", stdin=der)
    for data in (der, pem):
        request = SigningRequest.read(data)
        assert request.public_key == KEY.public
        assert (request.subject.common_name, request.subject.organization) == ("oa.example", "Jiangmen")


def test_without_proof_of_the_key_it_is_refused(tmp_path: Path) -> None:
    der = request_of(tmp_path)
    other = PrivateKey.generate().public
    assert code(der.replace(KEY.public.point, other.point)) == "wrong_signature"
    assert code(der.replace(b"oa.example", b"ob.example")) == "wrong_signature"
    assert code(request_of(tmp_path, distid="distid:somebody")) == "wrong_signature"


def test_other_kinds_of_keys_are_refused(tmp_path: Path) -> None:
    assert code(request_of(tmp_path, curve="prime256v1")) == "not_sm2"


@pytest.mark.parametrize("data", [b"", b"\x30\x00", b"-----BEGIN X-----\nAAAA\n-----END X-----\n", b"\x30" * 20_000])
def test_what_is_no_request_is_refused(data: bytes) -> None:
    assert code(data) == "bad_request"


@given(st.binary(max_size=300))
def test_hostile_bytes_raise_nothing_else(data: bytes) -> None:
    with pytest.raises(GmError):
        SigningRequest.read(b"\x30\x81\xff" + data)
