"""Asking for and giving the status of certificates (OCSP, RFC 6960), signed SM2 with SM3: both sides, no network."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from asn1crypto import core, ocsp
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509

from yichuan.lib.gm._certificate import SM2_WITH_SM3, Certificate, aware, signed_part, whole_octets
from yichuan.lib.gm._issue import OCSP_SIGNING
from yichuan.lib.gm.crl import Reason
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm3 import sm3

SM3 = "1.2.156.10197.1.401"
LONGEST_REQUEST = 4096
MOST_ASKED = 16
"""Certificates in one request; clients ask about one."""
LONGEST_NONCE = 128  # RFC 9654, 2.1

_HASHES: dict[str, Callable[[bytes], bytes]] = {
    SM3: sm3,
    # as names of things, not as protection: RFC 6960 clients name the issuer by SHA-1
    "1.3.14.3.2.26": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "2.16.840.1.101.3.4.2.1": lambda data: hashlib.sha256(data).digest(),
}
_HOSTILE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)


class Status(StrEnum):
    """What a responder says of a certificate (RFC 6960, 2.2)."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class Trouble(StrEnum):
    """Why a responder gives no answer at all (RFC 6960, 2.3)."""

    MALFORMED_REQUEST = "malformed_request"
    INTERNAL_ERROR = "internal_error"
    TRY_LATER = "try_later"


@dataclass(frozen=True)
class CertId:
    """A certificate as OCSP names it: its number, and digests of its issuer's name and key."""

    algorithm: str
    issuer_name: bytes
    issuer_key: bytes
    serial: int

    @classmethod
    def of(cls, serial: int, issuer: Certificate, algorithm: str = SM3) -> Self:
        """The name of the certificate `serial` of `issuer`. GmError `unsupported_algorithm`."""
        digest = _HASHES.get(algorithm)
        if digest is None:
            raise GmError("unsupported_algorithm", f"digest {algorithm} is none that OCSP names issuers by here")
        subject = asn1_x509.Certificate.load(issuer.der).subject.dump()
        return cls(algorithm, digest(subject), digest(issuer.public_key.point), serial)

    def is_of(self, issuer: Certificate) -> bool:
        """Whether `issuer` is the issuer named."""
        return self.algorithm in _HASHES and self == CertId.of(self.serial, issuer, self.algorithm)

    def to_asn1(self) -> ocsp.CertId:
        """The structure."""
        return ocsp.CertId(
            {
                "hash_algorithm": {"algorithm": self.algorithm},
                "issuer_name_hash": self.issuer_name,
                "issuer_key_hash": self.issuer_key,
                "serial_number": self.serial,
            }
        )

    @classmethod
    def from_asn1(cls, value: ocsp.CertId) -> Self:
        """From the structure, which may be hostile."""
        return cls(
            value["hash_algorithm"]["algorithm"].dotted,
            value["issuer_name_hash"].native,
            value["issuer_key_hash"].native,
            value["serial_number"].native,
        )


@dataclass(frozen=True)
class Request:
    """What a client asks. Signatures on requests are not looked at: the answers are public."""

    asked: tuple[CertId, ...]
    nonce: bytes | None = None

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """GmError `bad_request`: not a request, longer than 4 KB, or about more than 16 certificates."""
        if len(der) > LONGEST_REQUEST:
            raise GmError("bad_request", f"the request has {len(der)} bytes; {LONGEST_REQUEST} are read")
        try:
            tbs = ocsp.OCSPRequest.load(der, strict=True)["tbs_request"]
            asked = tuple(CertId.from_asn1(each["req_cert"]) for each in tbs["request_list"])
            nonce = _nonce(tbs["request_extensions"])
        except _HOSTILE as error:
            raise GmError("bad_request", f"not a readable OCSP request: {error}") from error
        if not 0 < len(asked) <= MOST_ASKED:
            raise GmError("bad_request", f"the request asks about {len(asked)} certificates; 1 to {MOST_ASKED} may be")
        return cls(asked, nonce)

    def to_der(self) -> bytes:
        """The request, unsigned."""
        tbs: dict[str, Any] = {"request_list": [{"req_cert": each.to_asn1()} for each in self.asked]}
        if self.nonce is not None:
            tbs["request_extensions"] = [_nonce_extension(self.nonce)]
        der: bytes = ocsp.OCSPRequest({"tbs_request": tbs}).dump()
        return der


@dataclass(frozen=True)
class Answer:
    """What is said of one certificate; `revoked_at` and `reason` where it is revoked. Times are aware."""

    about: CertId
    status: Status
    this_update: datetime
    next_update: datetime
    revoked_at: datetime | None = None
    reason: Reason = Reason.UNSPECIFIED


@dataclass(frozen=True)
class Response:
    """A response that was read: who signed, and what it says."""

    der: bytes = field(repr=False)
    tbs: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    signature_oid: str
    responder: Certificate | None
    """The certificate that came along; without one the issuer itself must have signed."""
    produced_at: datetime
    nonce: bytes | None
    answers: tuple[Answer, ...]

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """GmError: `bad_response` (malformed), `no_answer` (the responder says why it gives none)."""
        try:
            outer = ocsp.OCSPResponse.load(der, strict=True)
            status = outer["response_status"].native
            if status != "successful":
                raise GmError("no_answer", f"the responder gives no answer: {status}")
            inner = bytes(outer["response_bytes"]["response"])
            basic = ocsp.BasicOCSPResponse.load(inner, strict=True)
            said = basic["tbs_response_data"]
            carried = [Certificate.from_der(each.dump()) for each in basic["certs"]]
            return cls(
                der=der,
                tbs=signed_part(inner),
                signature=whole_octets(basic["signature"]),
                signature_oid=basic["signature_algorithm"]["algorithm"].dotted,
                responder=carried[0] if carried else None,
                produced_at=aware(said["produced_at"]),
                nonce=_nonce(said["response_extensions"]),
                answers=tuple(_answer(each) for each in said["responses"]),
            )
        except GmError:
            raise
        except _HOSTILE as error:
            raise GmError("bad_response", f"not a readable OCSP response: {error}") from error

    def answer(self, certificate: Certificate, issuer: Certificate, at: datetime, nonce: bytes | None = None) -> Answer:
        """What is said of `certificate` at `at`, once everything about the response is in order (RFC 6960, 3.2).

        GmError: `wrong_responder` (not the issuer, nor one it lets answer for it), `wrong_signature`, `wrong_nonce`
        (an old answer played again), `not_asked` (says nothing of this certificate), `stale` (not of this hour).
        """
        signer = self._signer(issuer, at)
        if self.signature_oid != SM2_WITH_SM3 or not signer.public_key.verify(self.signature, self.tbs):
            raise GmError("wrong_signature", f"the response was not signed by {signer.subject_name}")
        if nonce is not None and self.nonce != nonce:
            raise GmError("wrong_nonce", "the response answers another request")
        for answer in self.answers:
            if answer.about.serial == certificate.serial and answer.about.is_of(issuer):
                if not answer.this_update <= at <= answer.next_update:
                    raise GmError("stale", f"the answer is of {answer.this_update.isoformat()}; ask again")
                return answer
        raise GmError("not_asked", f"the response says nothing of {certificate.subject_name}")

    def _signer(self, issuer: Certificate, at: datetime) -> Certificate:
        """The issuer, or the responder that it certified for answering."""
        signer = self.responder or issuer
        if signer == issuer:
            return issuer
        lets = OCSP_SIGNING in (signer.extended_key_usage or ()) and signer.issuer_key == issuer.subject_key
        if not lets or not signer.not_before <= at <= signer.not_after or not signer.signed_by(issuer):
            raise GmError("wrong_responder", f"{issuer.subject_name} does not let {signer.subject_name} answer for it")
        return signer


def make_response(
    responder: Certificate,
    sign: Callable[[bytes], bytes],
    *,
    answers: Iterable[Answer],
    produced_at: datetime,
    nonce: bytes | None = None,
) -> bytes:
    """A response in DER, signed SM2 with SM3, its responder's certificate inside. GmError `wrong_signature`."""
    said: dict[str, Any] = {
        "responder_id": ocsp.ResponderId("by_name", asn1_x509.Certificate.load(responder.der).subject),
        "produced_at": _whole(produced_at),
        "responses": [_single(each) for each in answers],
    }
    if nonce is not None:
        said["response_extensions"] = [_nonce_extension(nonce)]
    tbs = ocsp.ResponseData(said)
    signature = sign(tbs.dump())
    if not responder.public_key.verify(signature, tbs.dump()):
        raise GmError("wrong_signature", "sign did not use the responder's key; give the responder's own signer")
    basic = ocsp.BasicOCSPResponse(
        {
            "tbs_response_data": tbs,
            "signature_algorithm": {"algorithm": SM2_WITH_SM3},
            "signature": signature,
            "certs": [asn1_x509.Certificate.load(responder.der)],
        }
    )
    held = {"response_type": "basic_ocsp_response", "response": basic}
    der: bytes = ocsp.OCSPResponse({"response_status": "successful", "response_bytes": held}).dump()
    return der


def refuse(trouble: Trouble) -> bytes:
    """The response that says why there is no answer; nobody signs it."""
    der: bytes = ocsp.OCSPResponse({"response_status": trouble.value}).dump()
    return der


def _single(answer: Answer) -> dict[str, Any]:
    if answer.status is Status.REVOKED:
        if answer.revoked_at is None:
            raise GmError("bad_time", "an answer that says revoked names the day")
        body: dict[str, Any] = {"revocation_time": _whole(answer.revoked_at)}
        if answer.reason is not Reason.UNSPECIFIED:
            body["revocation_reason"] = asn1_crl.CRLReason(answer.reason.value)
        status = ocsp.CertStatus("revoked", ocsp.RevokedInfo(body))
    else:
        status = ocsp.CertStatus(answer.status.value, core.Null())
    return {
        "cert_id": answer.about.to_asn1(),
        "cert_status": status,
        "this_update": _whole(answer.this_update),
        "next_update": _whole(answer.next_update),
    }


def _answer(single: ocsp.SingleResponse) -> Answer:
    choice = single["cert_status"]
    status = Status(choice.name)
    revoked_at, reason = None, Reason.UNSPECIFIED
    if status is Status.REVOKED:
        revoked_at = aware(choice.chosen["revocation_time"])
        if choice.chosen["revocation_reason"].native is not None:
            reason = Reason(choice.chosen["revocation_reason"].native)
    this_update = aware(single["this_update"])
    next_update = aware(single["next_update"]) if single["next_update"].native else this_update
    return Answer(CertId.from_asn1(single["cert_id"]), status, this_update, next_update, revoked_at, reason)


def _nonce(extensions: Iterable[Any]) -> bytes | None:
    for extension in extensions:
        if extension["extn_id"].native == "nonce":
            nonce: bytes = extension["extn_value"].parsed.native
            if not 0 < len(nonce) <= LONGEST_NONCE:
                raise ValueError(f"a nonce of {len(nonce)} bytes")
            return nonce
        if extension["critical"].native:
            raise ValueError(f"critical extension {extension['extn_id'].dotted} is not understood")
    return None


def _nonce_extension(nonce: bytes) -> dict[str, Any]:
    return {"extn_id": "nonce", "critical": False, "extn_value": core.OctetString(nonce)}


def _whole(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise GmError("bad_time", "times must have a time zone")
    return moment.astimezone(UTC).replace(microsecond=0)
