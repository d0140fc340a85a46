"""What is asked of a PKCS#11 token, within one session: making, using and removing its objects.

Objects are known by CKA_ID, which `name_of` gives. Faults are those of `pkcs11.exceptions`.
"""

import hashlib
import secrets
from typing import Any

import pkcs11
from asn1crypto.core import OctetString
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11 import exceptions as faults
from pkcs11.constants import DEFAULT
from pkcs11.mechanisms import GCMParams
from pkcs11.util.ec import encode_named_curve_parameters

from yichuan.keys.devices.base import Ability, Description, DeviceError
from yichuan.keys.devices.p256 import POINT_BYTES

NONCE_BYTES = 12
_CURVE = encode_named_curve_parameters("secp256r1")
_KEPT = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.PRIVATE: True}
_NOT_ASKED_FOR = dict.fromkeys((Attribute.ENCRYPT, Attribute.VERIFY, Attribute.WRAP), DEFAULT)


def name_of(public: bytes | memoryview) -> bytes:
    """CKA_ID of an object: by its public half, or by the random bytes that stand for it."""
    return hashlib.sha256(bytes(public)).digest()[:20]


def described(session: pkcs11.Session) -> Description:
    """What the token says of itself."""
    token = session.token
    known = token.slot.get_mechanisms()
    abilities = {Ability.INSIDE}
    if {Mechanism.EC_KEY_PAIR_GEN, Mechanism.ECDSA} <= known:
        abilities.add(Ability.P256)
    if Mechanism.AES_GCM in known:
        abilities.add(Ability.WRAPPING)
    model = f"{token.manufacturer_id} {token.model} {'.'.join(map(str, token.firmware_version))}"
    name = f"{token.label} ({token.serial.decode(errors='replace').strip()})"
    return Description("pkcs11", name, model, frozenset(abilities))


def _find(session: pkcs11.Session, kind: ObjectClass, name: bytes) -> Any:
    """A key of the token; its class says what it can do, which types cannot."""
    return session.get_key(object_class=kind, id=name)


def _pair(session: pkcs11.Session, *, store: bool, private: dict[Attribute, Any]) -> tuple[Any, bytes]:
    """A new private key, and its public half 04‖x‖y, of which no object is kept."""
    parameters = session.create_domain_parameters(KeyType.EC, {Attribute.EC_PARAMS: _CURVE}, local=True)
    public_key, private_key = parameters.generate_keypair(
        store=store, capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY, mechanism=Mechanism.EC_KEY_PAIR_GEN,
        public_template={Attribute.TOKEN: False}, private_template=private,
    )  # fmt: skip
    try:
        point = bytes(public_key[Attribute.EC_POINT])
        public_key.destroy()
    except faults.PKCS11Error:
        private_key.destroy()
        raise
    return private_key, point if len(point) == POINT_BYTES else bytes(OctetString.load(point).native)


def make_pair(session: pkcs11.Session) -> bytes:
    """A key that stays in the token; its public half."""
    key, point = _pair(session, store=True, private=_KEPT)
    try:
        key[Attribute.ID] = name_of(point)
    except faults.PKCS11Error:
        key.destroy()
        raise
    return point


def make_wrapped(session: pkcs11.Session, own: bytes) -> tuple[bytes, bytes]:
    """A key made, wrapped and gone: its public half and the wrap."""
    key, point = _pair(session, store=False, private={**_KEPT, Attribute.EXTRACTABLE: True})
    try:
        outer = _find(session, ObjectClass.SECRET_KEY, own)
        return point, bytes(outer.wrap_key(key, mechanism=Mechanism.AES_KEY_WRAP_PAD))
    finally:
        key.destroy()


def sign_wrapped(session: pkcs11.Session, own: bytes, wrapped: bytes, digest: bytes) -> bytes:
    """ECDSA over a digest with a key that the token unwraps for this alone."""
    outer = _find(session, ObjectClass.SECRET_KEY, own)
    key = outer.unwrap_key(
        ObjectClass.PRIVATE_KEY, KeyType.EC, wrapped, mechanism=Mechanism.AES_KEY_WRAP_PAD, store=False,
        capabilities=MechanismFlag.SIGN, template={**_KEPT, **_NOT_ASKED_FOR},
    )  # fmt: skip
    try:
        return _sign(key, digest)
    finally:
        key.destroy()


def sign(session: pkcs11.Session, name: bytes, digest: bytes) -> bytes:
    """ECDSA over a digest with a key that lies in the token: r‖s, 64 bytes."""
    return _sign(_find(session, ObjectClass.PRIVATE_KEY, name), digest)


def _sign(key: Any, digest: bytes) -> bytes:
    return bytes(key.sign(digest, mechanism=Mechanism.ECDSA))


def make_aes(session: pkcs11.Session, public: bytes, uses: MechanismFlag) -> None:
    """An AES-256 key that stays in the token, named by the random bytes `public`."""
    session.generate_key(KeyType.AES, 256, id=name_of(public), store=True, capabilities=uses, template=_KEPT)


def encrypt(session: pkcs11.Session, name: bytes, nonce: bytes, plain: bytes, context: bytes) -> bytes:
    """AES-GCM under a key of the token: ciphertext ‖ 16-byte tag."""
    key = _find(session, ObjectClass.SECRET_KEY, name)
    return bytes(key.encrypt(plain, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(nonce, context, 128)))


def decrypt(session: pkcs11.Session, name: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
    """The inverse. DeviceError `wrong_context`."""
    key = _find(session, ObjectClass.SECRET_KEY, name)
    try:
        return bytes(key.decrypt(sealed, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(nonce, context, 128)))
    except (faults.GeneralError, faults.FunctionFailed, faults.EncryptedDataInvalid, faults.EncryptedDataLenRange):
        # Tokens say of a tag that is wrong what they say of a fault of theirs: one that can still encrypt is well.
        encrypt(session, name, secrets.token_bytes(NONCE_BYTES), bytes(16), context)
        raise DeviceError("wrong_context", "the wrap does not open under this key for this context") from None


def remove(session: pkcs11.Session, public: bytes) -> None:
    """Destroy what goes by this name."""
    for each in list(session.get_objects({Attribute.ID: name_of(public)})):
        each.destroy()
