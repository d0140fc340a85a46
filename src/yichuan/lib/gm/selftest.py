"""Known-answer test, to be run once at start: some systems ship a libcrypto without SM2, SM3 or SM4."""

from collections.abc import Callable

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PrivateKey, PublicKey
from yichuan.lib.gm.sm3 import Sm3, sm3
from yichuan.lib.gm.sm4 import decrypt_gcm, encrypt_gcm

# GM/T 0003.5, A.2 and C.2 (also in GB/T 32918.5)
_SM2_PRIVATE = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
_SM2_POINT = (
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_SM2_MESSAGE = b"message digest"
_SM2_R = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
_SM2_S = "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
_SM2_PLAIN = b"encryption standard"
_SM2_CIPHER = (
    "307c"
    "022004ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
    "022100e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
    "042059983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
    "041321886ca989ca9c7d58087307ca93092d651efa"
)
# GB/T 32905, A.1 and A.2
_SM3_ANSWERS = {
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}
# RFC 8998, A.1
_GCM_KEY = "0123456789abcdeffedcba9876543210"
_GCM_NONCE = "00001234567800000000abcd"
_GCM_AAD = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
_GCM_PLAIN = "".join(digit * 16 for digit in "abcdefea")
_GCM_SEALED = (
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    "83de3541e4c2b58177e065a9bf7b62ec"
)


def run() -> None:
    """Checks SM2, SM3 and SM4-GCM against the published answers; takes a few milliseconds.

    GmError `selftest` names the algorithm that is missing or wrong.
    """
    tests: dict[str, Callable[[], bool]] = {
        "SM3 (GB/T 32905)": _sm3,
        "SM2 signature (GM/T 0003)": _sm2_signature,
        "SM2 encryption (GM/T 0003)": _sm2_encryption,
        "SM4-GCM (RFC 8998)": _sm4_gcm,
    }
    for name, test in tests.items():
        try:
            right = test()
        except (GmError, UnsupportedAlgorithm) as error:
            raise GmError("selftest", f"{name} is not available here: {error}") from error
        if not right:
            raise GmError("selftest", f"{name} gives wrong answers here; use another build of libcrypto")


def _private_key() -> PrivateKey:
    """The published key as SEC1: version 1, the 32 bytes, the curve, the point."""
    return PrivateKey.from_der(
        bytes.fromhex("30770201010420" + _SM2_PRIVATE + "a00a06082a811ccf5501822da144034200" + _SM2_POINT)
    )


def _sm2_signature() -> bool:
    public = PublicKey.from_point(bytes.fromhex(_SM2_POINT))
    published = encode_dss_signature(int(_SM2_R, 16), int(_SM2_S, 16))
    return (
        public.verify(published, _SM2_MESSAGE)
        and not public.verify(published, _SM2_MESSAGE + b".")
        and public.verify(_private_key().sign(_SM2_MESSAGE), _SM2_MESSAGE)
    )


def _sm2_encryption() -> bool:
    key = _private_key()
    opened = key.decrypt(bytes.fromhex(_SM2_CIPHER))
    return opened == _SM2_PLAIN == key.decrypt(key.public.encrypt(_SM2_PLAIN))


def _sm3() -> bool:
    return all(sm3(message).hex() == answer == Sm3(message).digest().hex() for message, answer in _SM3_ANSWERS.items())


def _sm4_gcm() -> bool:
    key, nonce, aad, plain, sealed = map(bytes.fromhex, (_GCM_KEY, _GCM_NONCE, _GCM_AAD, _GCM_PLAIN, _GCM_SEALED))
    return encrypt_gcm(key, nonce, plain, aad) == sealed and decrypt_gcm(key, nonce, sealed, aad) == plain
