"""SM2 on the curve 1.2.156.10197.1.301: signatures (GB/T 32918.2), encryption (GB/T 32918.4, coded as GM/T 0009)."""

import re
from typing import NoReturn, Self

from asn1crypto import pem
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from yichuan.lib.gm._libcrypto import Key
from yichuan.lib.gm.errors import GmError

DEFAULT_ID = b"1234567812345678"
"""The user id that GM/T 0009 names for signers without one of their own."""

# SEQUENCE { SEQUENCE { id-ecPublicKey, 1.2.156.10197.1.301 }, BIT STRING of 65 bytes }
_SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
_POINT_SIZE = 65
_HYBRID = (6, 7)  # X9.62: the first byte of a point in both forms at once
_RAW_SIGNATURE_SIZE = 64
# its length in bits is hashed as two bytes (GB/T 32918.2, 5.5), and OpenSSL stops one byte short of the full 8191
_LONGEST_ID = 8190


def _checked_id(user_id: bytes) -> bytes:
    if len(user_id) > _LONGEST_ID:
        raise GmError("user_id", f"user_id has {len(user_id)} bytes; at most {_LONGEST_ID} are allowed")
    return user_id


def _armored(kind: str, der: bytes) -> bytes:
    text: bytes = pem.armor(kind, der)
    return text


class PublicKey:
    """An SM2 public key. Immutable, equal and hashable by its SubjectPublicKeyInfo, safe to share between threads."""

    __slots__ = ("_key", "der")

    der: bytes
    """SubjectPublicKeyInfo, 91 bytes, the point uncompressed."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self.der = key.public_der()
        if len(self.der) != len(_SPKI_HEAD) + _POINT_SIZE:
            # Anybody could sign for the point at infinity, which is written with one byte.
            raise GmError("bad_public_key", "the public key is the point at infinity; it is nobody's")

    @classmethod
    def from_der(cls, spki: bytes) -> Self:
        """From a SubjectPublicKeyInfo with id-ecPublicKey and the SM2 curve.

        GmError: `bad_public_key` (not such a structure, the point is not on the curve or at infinity), `not_sm2`
        (another curve). A point in the hybrid form is refused: one key would have several encodings that differ in
        bytes nobody looks at.
        """
        if spki[-_POINT_SIZE - 1 : -_POINT_SIZE] == b"\0" and spki[-_POINT_SIZE] in _HYBRID:
            raise GmError("bad_public_key", "the public key's point is written in the hybrid form; use 04‖x‖y")
        return cls(Key.from_public_der(spki))

    @classmethod
    def from_point(cls, point: bytes) -> Self:
        """From the 65 bytes 04‖x‖y. GmError `bad_public_key` when they are not a point of the curve."""
        if len(point) != _POINT_SIZE or point[0] != 4:
            raise GmError("bad_public_key", "point must be the 65 bytes 04‖x‖y")
        return cls.from_der(_SPKI_HEAD + point)

    @property
    def point(self) -> bytes:
        """The 65 bytes 04‖x‖y."""
        return self.der[-_POINT_SIZE:]

    def verify(self, signature: bytes, message: bytes, *, user_id: bytes = DEFAULT_ID) -> bool:
        """Whether `signature` (DER, GM/T 0009 7.3, or the raw 64 bytes r‖s) is this key's over `message`.

        The hash Z of user id and key is put before the message (GB/T 32918.2, 5.5). Malformed signatures are False.
        """
        checked = _checked_id(user_id)
        if self._key.verify(signature, message, checked):
            return True
        if len(signature) != _RAW_SIGNATURE_SIZE:
            return False
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        return self._key.verify(encode_dss_signature(r, s), message, checked)

    def encrypt(self, plain: bytes) -> bytes:
        """`plain` (one byte or more; meant for keys, not files) as a DER SM2Cipher of GM/T 0009, 7.2."""
        if not plain:
            raise GmError("empty_plain", "plain is empty; SM2 encrypts one byte or more")
        return self._key.encrypt(plain)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and self.der == other.der

    def __hash__(self) -> int:
        return hash(self.der)

    def __repr__(self) -> str:
        return f"PublicKey({self.point.hex()})"

    def __reduce__(self) -> tuple[object, ...]:
        return PublicKey.from_der, (self.der,)


class PrivateKey:
    """An SM2 private key with its public half. Safe to share between threads and to keep over a fork."""

    __slots__ = ("_key", "public")

    public: PublicKey

    def __init__(self, key: Key) -> None:
        self._key = key
        self.public = PublicKey.from_der(key.public_der())

    @classmethod
    def generate(cls) -> Self:
        """A new key from the system's generator."""
        return cls(Key.generate())

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """From PKCS#8 PrivateKeyInfo or SEC1 ECPrivateKey.

        GmError: `bad_private_key` (not such a structure, or its public half is false), `not_sm2` (another curve).
        """
        return cls(Key.from_private_der(der))

    @classmethod
    def from_pem(cls, text: bytes, password: bytes | None = None) -> Self:
        """From the first private key in a PEM file: PKCS#8, encrypted PKCS#8 or SEC1.

        GmError: `bad_private_key`, `not_sm2`, `password_needed`, `wrong_password`.
        """
        block = re.search(rb"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.*?-----END \1-----", text, re.DOTALL)
        if block is None:
            raise GmError("bad_private_key", "the file holds no PEM block of a private key")
        try:
            kind, headers, der = pem.unarmor(block[0] + b"\n")
        except ValueError as error:
            raise GmError("bad_private_key", f"the PEM block is damaged: {error}") from error
        if headers:
            raise GmError(
                "bad_private_key", "old PEM encryption (Proc-Type) is not read; convert it with `openssl pkcs8 -topk8`"
            )
        if kind != "ENCRYPTED PRIVATE KEY":
            return cls.from_der(der)
        if password is None:
            raise GmError("password_needed", "the private key is encrypted; give its password")
        return cls(Key.from_encrypted_der(der, password))

    def to_der(self) -> bytes:
        """PKCS#8 PrivateKeyInfo, in the clear."""
        return self._key.private_der()

    def to_pem(self, password: bytes | None = None) -> bytes:
        """PKCS#8 as PEM; with a password encrypted (PBES2, AES-256-CBC, 600,000 rounds of PBKDF2: some 0.2 s)."""
        if password is None:
            return _armored("PRIVATE KEY", self.to_der())
        if not password:
            raise GmError("password_needed", "password is empty; give one, or None for a key in the clear")
        return _armored("ENCRYPTED PRIVATE KEY", self._key.encrypted_der(password))

    def sign(self, message: bytes, *, user_id: bytes = DEFAULT_ID) -> bytes:
        """The DER signature over Z(user_id, key)‖message (GB/T 32918.2; coded as GM/T 0009, 7.3)."""
        return self._key.sign(message, _checked_id(user_id))

    def decrypt(self, cipher: bytes) -> bytes:
        """The plain text of a DER SM2Cipher; C3 is checked. GmError `sm2_decrypt`: another key, or altered bytes."""
        return self._key.decrypt(cipher)

    def __repr__(self) -> str:
        return f"PrivateKey(of {self.public!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a PrivateKey is not pickled; store to_pem(password) instead")
