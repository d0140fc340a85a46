"""SM4-CCM of a device's CBC and ECB, against RFC 8998 and against SM4 computed without the device."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

from support.soft_sdf import soft_sdf
from yichuan.keys.devices import sdf_wraps
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.devices.sdf import _bound
from yichuan.keys.devices.sdf_library import SM4_CBC
from yichuan.keys.models import DeviceKey
from yichuan.lib.gm.sm3 import sm3

pytestmark = pytest.mark.one_database

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
NONCE = bytes.fromhex("00001234567800000000abcd")
AAD = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
PLAIN = bytes.fromhex("".join(8 * each for each in ("aa", "bb", "cc", "dd", "ee", "ff", "ee", "aa")))
CLOSED = bytes.fromhex(
    "48af93501fa62adbcd414cce6034d895dda1bf8f132f042098661572e7483094fd12e518ce062c98acee28d95df4416b"
    "ed31a2f04476c18bb40c84a74b97dc5b16842d4fa186f56ab33256971fa110f4"
)


def blocks_under(key: bytes) -> Callable[[int, bytes], bytes]:
    def encrypt(mode: int, data: bytes) -> bytes:
        return Cipher(SM4(key), CBC(bytes(16)) if mode == SM4_CBC else ECB()).encryptor().update(data)  # noqa: S305

    return encrypt


def test_it_is_the_ccm_of_rfc_8998() -> None:
    blocks = blocks_under(KEY)
    assert sdf_wraps.close(blocks, NONCE, PLAIN, AAD) == CLOSED
    assert sdf_wraps.open_(blocks, NONCE, CLOSED, AAD) == PLAIN


@pytest.mark.parametrize("at", [0, 16, 31, 63, 64, 79])
def test_one_changed_bit_opens_nothing(at: int) -> None:
    altered = bytearray(CLOSED)
    altered[at] ^= 1
    with pytest.raises(DeviceError) as refusal:
        sdf_wraps.open_(blocks_under(KEY), NONCE, bytes(altered), AAD)
    assert refusal.value.code == "wrong_context"


@pytest.mark.django_db
def test_the_device_wraps_as_sm4_does_elsewhere(tmp_path: Path) -> None:
    with soft_sdf(tmp_path / "device") as prepared:
        device = prepared.open()
        device.make_wrapping_key("box:1")
        wrapped = device.wrap("box:1", b"k" * 16, b"document:1")
    sealed = bytes(DeviceKey.objects.get(label="box:1").wrapped)
    kek = sm3(b"soft sdf kek")[:16]
    key = Cipher(SM4(kek), ECB()).decryptor().update(sealed)  # noqa: S305
    assert sdf_wraps.open_(blocks_under(key), wrapped[:12], wrapped[12:], _bound("box:1", b"document:1")) == b"k" * 16


def test_a_device_that_forgets_a_key_in_between_wraps_nothing() -> None:
    """Under another key for the check than for the wrap."""
    keys = iter([KEY, KEY, bytes(16), bytes(16)])
    with pytest.raises(DeviceError) as refusal:
        sdf_wraps.close(lambda mode, data: blocks_under(next(keys))(mode, data), NONCE, PLAIN, AAD)
    assert refusal.value.code == "failed"
