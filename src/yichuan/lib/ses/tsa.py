"""A time stamp authority with SM2 and SM3 (RFC 3161 with RFC 5816, GM/T 0033).

It has no clock, no key and no numbers of its own: the caller passes the time, what signs, and what counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import tsp

from yichuan.lib.gm.sm3 import DIGEST_SIZE, sm3
from yichuan.lib.gm.x509 import TIME_STAMPING, Certificate

from . import der, liberal, oids, tlv
from .errors import SesError
from .make import whole_seconds
from .plain import attribute, signed_attributes, signed_data
from .tlv import Tlv
from .values import check_signer, checked_signature

_TST_INFO = "1.2.840.113549.1.9.16.1.4"
_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47"
_GRANTED = tsp.PKIStatusInfo({"status": "granted"}).dump()
_LONGEST_NONCE = 64  # bytes


@dataclass(frozen=True)
class TimeStampAuthority:
    """Who stamps: a certificate for time stamping alone (`Profile.TIME_STAMP`) and what makes its signatures.

    `sign` takes the bytes to be signed and returns the SM2 value (DER or r‖s); `serials` gives a number never given
    before; `policy` is the dotted OID of the rules it works by; `accuracy` how far its time may be off; `chain` the
    CA certificates sent along.
    """

    certificate: Certificate
    sign: Callable[[bytes], bytes]
    serials: Callable[[], int]
    policy: str
    accuracy: timedelta = timedelta(seconds=1)
    chain: tuple[Certificate, ...] = ()

    def __post_init__(self) -> None:
        if self.certificate.extended_key_usage != frozenset((TIME_STAMPING,)):
            raise SesError(
                "time_stamp_usage", "certificate: it must be for time stamping and nothing else; issue one so"
            )

    def respond(self, request: bytes, at: datetime) -> bytes:
        """The answer (TimeStampResp, DER) to a request at `at` (aware): a token, or a refusal that says why.

        Raises SesError for what is wrong here, not in the request: `time` (naive), `certificate_period`,
        `signature` (`sign` used another key).
        """
        moment = whole_seconds(at)
        check_signer(self.certificate, moment)
        try:
            asked = _read_request(request)
        except SesError as error:
            return _refusal(error.code, str(error))
        if asked.policy not in (None, self.policy):
            return _refusal("unaccepted_policy", f"only policy {self.policy} is served here")
        return der.sequence(_GRANTED, self._token(asked, moment))

    def _token(self, asked: _Asked, moment: datetime) -> bytes:
        fields = {
            "version": "v1",
            "policy": self.policy,
            "message_imprint": {"hash_algorithm": {"algorithm": oids.SM3}, "hashed_message": asked.imprint},
            "serial_number": self.serials(),
            "gen_time": moment,
            "accuracy": _accuracy(self.accuracy),
        }
        if asked.nonce is not None:
            fields["nonce"] = asked.nonce
        info = tsp.TSTInfo(fields).dump()
        attributes = signed_attributes(_TST_INFO, sm3(info), moment, self._signing_certificate())
        message = tlv.encode(tlv.SET, attributes)
        return signed_data(
            oids.PKCS7_SIGNED_DATA,
            (_TST_INFO, der.octets(info)),
            self.certificate,
            attributes=attributes,
            algorithm=oids.SM2_WITH_SM3,
            value=checked_signature(self.certificate, self.sign(message), message, "the time stamp authority"),
            version=3,  # RFC 5652, 5.1: the content is not plain data
            certificates=self.chain,
            with_certificates=asked.with_certificates,
        )

    def _signing_certificate(self) -> bytes:
        """The attribute that binds the certificate to the token (RFC 5816)."""
        digest = {"hash_algorithm": {"algorithm": oids.SM3}, "cert_hash": self.certificate.fingerprint}
        return attribute(_SIGNING_CERTIFICATE, tsp.SigningCertificateV2({"certs": [digest]}).dump())


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request asks for."""

    imprint: bytes
    policy: str | None
    nonce: int | None
    with_certificates: bool


def _read_request(request: bytes) -> _Asked:
    """A TimeStampReq. Raises SesError with the code of a PKIFailureInfo."""
    try:
        version, imprint, *options = liberal.fields(liberal.parse(request, "request", []), "request", 2, 6)
        number = liberal.integer(version, "version")
        algorithm, digest = liberal.fields(imprint, "imprint", 2, 2)
        method = liberal.oid(liberal.fields(algorithm, "imprint", 1, 2)[0], "imprint", [])
        hashed = liberal.octets(digest, "imprint", [])
        found = {option.tag: option for option in options}
        policy = liberal.oid(found[tlv.OID], "policy", []) if tlv.OID in found else None
        nonce = _nonce(found[tlv.INTEGER]) if tlv.INTEGER in found else None
    except SesError as error:
        raise SesError("bad_data_format", str(error)) from error
    if number != 1 or len(found) != len(options):
        raise SesError("bad_request", "a request is of version 1 and has each of its parts once")
    if method != oids.SM3 or len(hashed) != DIGEST_SIZE:
        raise SesError("bad_alg", "only SM3 digests are stamped here")
    if tlv.CONTEXT_0 in found:
        raise SesError("unaccepted_extensions", "no extension is served here")
    wanted = tlv.BOOLEAN in found and found[tlv.BOOLEAN].content not in (b"\0", b"")
    return _Asked(hashed, policy, nonce, wanted)


def _nonce(node: Tlv) -> int:
    if node.body_end - node.body > _LONGEST_NONCE:
        raise SesError("nonce", f"the nonce has more than {_LONGEST_NONCE} bytes")
    return liberal.integer(node, "nonce")


def _refusal(code: str, reason: str) -> bytes:
    status = {"status": "rejection", "status_string": [reason], "fail_info": {code}}
    return der.sequence(tsp.PKIStatusInfo(status).dump())


def _accuracy(span: timedelta) -> dict[str, int]:
    """Seconds, milliseconds and microseconds; parts that are 0 are left out."""
    micros = span // timedelta(microseconds=1)
    parts = {"seconds": micros // 1_000_000, "millis": micros // 1000 % 1000, "micros": micros % 1000}
    return {name: value for name, value in parts.items() if value}
