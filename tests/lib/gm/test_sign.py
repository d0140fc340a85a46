"""SM2 signatures: published answers, other implementations, threads and forks."""

from __future__ import annotations

import ctypes
import gc
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gmssl_pyx
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from support.gm import DISTID, openssl, openssl_output, scalar
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import DEFAULT_ID, PrivateKey, PublicKey

KEY = PrivateKey.generate()
MESSAGE = "江府办〔2008〕44号".encode()
SIGNATURE = KEY.sign(MESSAGE)


def raw(signature: bytes) -> bytes:
    r, s = decode_dss_signature(signature)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def test_the_published_signature_holds() -> None:
    # GM/T 0003.5, A.2
    point = bytes.fromhex(
        "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
        "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    )
    signature = bytes.fromhex(
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    )
    key = PublicKey.from_point(point)
    assert key.verify(signature, b"message digest")
    assert not key.verify(signature, b"message digesu")


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_what_is_signed_verifies(message: bytes, user_id: bytes) -> None:
    signature = KEY.sign(message, user_id=user_id)
    assert KEY.public.verify(signature, message, user_id=user_id)
    assert KEY.public.verify(raw(signature), message, user_id=user_id)


@given(st.data())
def test_a_changed_bit_of_the_signature_is_refused(data: st.DataObject) -> None:
    signature = bytearray(data.draw(st.sampled_from([SIGNATURE, raw(SIGNATURE)])))
    position = data.draw(st.integers(0, len(signature) - 1))
    signature[position] ^= 1 << data.draw(st.integers(0, 7))
    assert not KEY.public.verify(bytes(signature), MESSAGE)


@pytest.mark.parametrize("signature", [b"", b"\0" * 64, b"\xff" * 64, b"\x30\x00", b"\x30" * 71, b"x" * 5000])
def test_what_is_no_signature_is_refused_quietly(signature: bytes) -> None:
    assert not KEY.public.verify(signature, MESSAGE)


def test_another_message_key_or_user_id_is_refused() -> None:
    signature = KEY.sign(MESSAGE)
    assert not KEY.public.verify(signature, MESSAGE + b"\0")
    assert not PrivateKey.generate().public.verify(signature, MESSAGE)
    assert not KEY.public.verify(signature, MESSAGE, user_id=b"")
    assert not KEY.public.verify(signature, MESSAGE, user_id=b"somebody else")


def test_bytes_after_a_signature_are_refused() -> None:
    assert not KEY.public.verify(KEY.sign(MESSAGE) + b"\0", MESSAGE)


def test_a_user_id_that_the_standard_cannot_code_is_named() -> None:
    assert KEY.public.verify(KEY.sign(MESSAGE, user_id=b"x" * 8190), MESSAGE, user_id=b"x" * 8190)
    with pytest.raises(GmError, match="8191 bytes") as caught:
        KEY.sign(MESSAGE, user_id=b"x" * 8191)
    assert caught.value.code == "user_id"


@pytest.mark.parametrize("user_id", [DEFAULT_ID, b"ALICE123@YAHOO.COM"])
def test_the_openssl_command_accepts_our_signature_and_we_accept_its_own(tmp_path: Path, user_id: bytes) -> None:
    message, signature, key, public = (tmp_path / name for name in ("message", "signature", "key.pem", "public.der"))
    message.write_bytes(MESSAGE)
    signature.write_bytes(KEY.sign(MESSAGE, user_id=user_id))
    key.write_bytes(KEY.to_pem())
    public.write_bytes(KEY.public.der)
    common = ("-rawin", "-digest", "sm3", "-in", message, "-pkeyopt", f"distid:{user_id.decode()}")
    check = ("pkeyutl", "-verify", "-pubin", "-inkey", public, "-keyform", "DER", "-sigfile", signature, *common)
    openssl_output(*check)
    theirs = openssl_output("pkeyutl", "-sign", "-inkey", key, *common)
    assert KEY.public.verify(theirs, MESSAGE, user_id=user_id)

    message.write_bytes(MESSAGE + b".")
    assert openssl(*check).returncode != 0


def test_gmssl_accepts_our_signature_and_we_accept_its_own() -> None:
    point = KEY.public.point[1:]
    assert gmssl_pyx.sm2_verify(point, MESSAGE, KEY.sign(MESSAGE))
    assert KEY.public.verify(gmssl_pyx.sm2_sign(scalar(KEY), point, MESSAGE), MESSAGE)


def test_the_default_user_id_is_the_one_of_the_standard() -> None:
    assert f"distid:{DEFAULT_ID.decode()}" == DISTID
    assert KEY.public.verify(KEY.sign(MESSAGE), MESSAGE, user_id=b"1234567812345678")


def test_threads_share_one_key() -> None:
    def work(number: int) -> bool:
        message = MESSAGE + bytes([number])
        signature = KEY.sign(message)
        opened = KEY.decrypt(KEY.public.encrypt(message))
        return KEY.public.verify(signature, message) and not KEY.public.verify(signature, MESSAGE) and opened == message

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))


def test_a_forked_child_signs_with_the_key_and_draws_other_random_numbers() -> None:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.write(write, KEY.sign(MESSAGE))
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    ours = KEY.sign(MESSAGE)
    with os.fdopen(read, "rb") as pipe:
        theirs = pipe.read()
    assert os.waitpid(child, 0)[1] == 0
    assert KEY.public.verify(theirs, MESSAGE)
    assert theirs != ours


class MallInfo(ctypes.Structure):
    """glibc's struct mallinfo2."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        )
    ]


def bytes_in_use() -> int:
    """What malloc has given out and not got back, in this process."""
    try:
        ask = ctypes.CDLL("libc.so.6").mallinfo2
    except (OSError, AttributeError):
        pytest.skip("needs glibc 2.33 or newer")
    ask.restype = MallInfo
    return int(ask().uordblks)


def test_keys_and_contexts_are_given_back() -> None:
    def work(rounds: int) -> None:
        for _ in range(rounds):
            key = PrivateKey.from_der(KEY.to_der())
            public = PublicKey.from_point(key.public.point)
            assert public.verify(key.sign(MESSAGE), MESSAGE)
            assert key.decrypt(public.encrypt(MESSAGE)) == MESSAGE
            with pytest.raises(GmError):
                PublicKey.from_der(KEY.public.der + b"\0")

    def growth() -> int:
        before = bytes_in_use()
        work(300)
        gc.collect()
        return bytes_in_use() - before

    work(300)  # caches fill
    gc.collect()
    # One leaked object a round, the smallest of them, would be 300 times 48 bytes, each time anew; what another thread
    # of the test runner holds for a moment is not.
    assert any(growth() < 12_000 for _ in range(4))
