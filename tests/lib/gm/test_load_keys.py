"""Reading and writing SM2 keys: DER, PEM, passwords, and what is refused."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from support.gm import openssl_output
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PrivateKey, PublicKey

KEY = PrivateKey.generate()
PASSWORD = "市府办公室 2026".encode()
UNUSED_BITS = 25  # the octet of a public key's DER that says how many bits of its last one are none of the point's


def refused(code: str) -> pytest.RaisesExc[GmError]:
    return pytest.RaisesExc(GmError, check=lambda error: error.code == code)


def test_a_private_key_survives_der_and_pem() -> None:
    assert PrivateKey.from_der(KEY.to_der()).public == KEY.public
    assert PrivateKey.from_pem(KEY.to_pem()).public == KEY.public


def test_a_password_protects_a_pem_key() -> None:
    text = KEY.to_pem(PASSWORD)
    assert text.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert PrivateKey.from_pem(text, PASSWORD).public == KEY.public
    with refused("wrong_password"):
        PrivateKey.from_pem(text, b"another")
    with refused("password_needed"):
        PrivateKey.from_pem(text)
    with refused("password_needed"):
        KEY.to_pem(b"")


def test_the_openssl_command_reads_our_encrypted_key_and_we_read_its_own(tmp_path: Path) -> None:
    ours = tmp_path / "ours.pem"
    ours.write_bytes(KEY.to_pem(b"secret"))
    plain = openssl_output("pkey", "-in", ours, "-passin", "pass:secret")
    assert PrivateKey.from_pem(plain).public == KEY.public
    theirs = openssl_output("pkcs8", "-topk8", "-in", ours, "-passin", "pass:secret", "-passout", "pass:other")
    assert PrivateKey.from_pem(theirs, b"other").public == KEY.public


def test_a_fresh_key_of_the_openssl_command_is_read() -> None:
    for text in (openssl_output("genpkey", "-algorithm", "SM2"), openssl_output("ecparam", "-genkey", "-name", "SM2")):
        key = PrivateKey.from_pem(text)
        assert key.public.verify(key.sign(b"x"), b"x")


def test_a_sec1_key_is_read_with_and_without_its_public_half() -> None:
    number = KEY.to_der()[36:68].hex()
    curve = "a00a06082a811ccf5501822d"
    whole = "30770201010420" + number + curve + "a144034200" + KEY.public.point.hex()
    assert PrivateKey.from_der(bytes.fromhex(whole)).public == KEY.public
    bare = "30310201010420" + number + curve
    assert PrivateKey.from_der(bytes.fromhex(bare)).public == KEY.public


def test_a_private_key_with_a_false_public_half_is_refused() -> None:
    other = PrivateKey.generate().public.point
    forged = KEY.to_der().replace(KEY.public.point, other)
    assert other in forged
    with refused("bad_private_key"):
        PrivateKey.from_der(forged)


def test_keys_of_another_curve_are_refused() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    private = other.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = other.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with refused("not_sm2"):
        PrivateKey.from_der(private)
    with refused("not_sm2"):
        PublicKey.from_der(public)


def test_a_public_key_is_the_same_from_point_der_and_compressed_point() -> None:
    point = KEY.public.point
    compressed = bytes([2 + point[-1] % 2]) + point[1:33]
    head = bytes.fromhex("3039301306072a8648ce3d020106082a811ccf5501822d032200")
    assert KEY.public == PublicKey.from_point(point) == PublicKey.from_der(KEY.public.der)
    assert KEY.public == PublicKey.from_der(head + compressed)
    assert len({KEY.public, PublicKey.from_point(point), PrivateKey.generate().public}) == 2


@pytest.mark.parametrize("point", [b"", b"\x04" + bytes(64), b"\x04" + b"\xff" * 64, b"\x04" * 65, b"\x02" * 33])
def test_a_point_off_the_curve_is_refused(point: bytes) -> None:
    with refused("bad_public_key"):
        PublicKey.from_point(point)


def test_the_point_at_infinity_is_nobodys_key() -> None:
    with refused("bad_public_key"):
        PublicKey.from_der(bytes.fromhex("3019301306072a8648ce3d020106082a811ccf5501822d03020000"))


@pytest.mark.parametrize("text", [b"", b"x", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
def test_what_is_no_pem_key_is_refused(text: bytes) -> None:
    with refused("bad_private_key"):
        PrivateKey.from_pem(text)


def test_old_pem_encryption_says_how_to_convert_it() -> None:
    text = (
        b"-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"
        b"AAAA\n-----END EC PRIVATE KEY-----\n"
    )
    with pytest.raises(GmError, match="openssl pkcs8 -topk8"):
        PrivateKey.from_pem(text, PASSWORD)


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_as_keys(data: bytes) -> None:
    with refused("bad_private_key"):
        PrivateKey.from_der(data)
    with refused("bad_public_key"):
        PublicKey.from_der(data)


@pytest.mark.parametrize("form", [6, 7])
def test_a_point_in_the_hybrid_form_is_refused(form: int) -> None:
    altered = bytearray(KEY.public.der)
    altered[-65] = form
    with refused("bad_public_key"):
        PublicKey.from_der(bytes(altered))


def test_a_key_written_in_another_way_is_the_same_and_written_in_one() -> None:
    """BER writes a point in several ways: here its last bit, which is nought, is said not to be written."""
    keys = iter(lambda: PrivateKey.generate().public, None)
    key = next(each for each in keys if each.der[-1] % 2 == 0)
    altered = bytearray(key.der)
    altered[UNUSED_BITS] = 1
    read = PublicKey.from_der(bytes(altered))
    assert read == key and read.der == key.der


@given(st.integers(0, len(KEY.public.der) - 27), st.integers(1, 255))
def test_a_changed_byte_gives_another_key_or_a_named_error(position: int, change: int) -> None:
    altered = bytearray(KEY.public.der)
    altered[position] ^= change
    try:
        same = PublicKey.from_der(bytes(altered)) == KEY.public
        assert same is (position == UNUSED_BITS and KEY.public.der[-1] % (1 << change) == 0)
    except GmError as error:
        assert error.code in {"bad_public_key", "not_sm2"}


def test_a_private_key_shows_no_secret_and_is_not_pickled() -> None:
    assert KEY.public.point.hex() in repr(KEY)
    assert KEY.to_der()[36:68].hex() not in repr(KEY)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(KEY)
    with pytest.raises(TypeError, match="not pickled"):
        copy.copy(KEY)
    assert pickle.loads(pickle.dumps(KEY.public)) == KEY.public  # noqa: S301 - our own bytes
