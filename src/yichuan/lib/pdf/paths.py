"""Certificate paths with RSA and ECDSA (RFC 5280), and revocation, through pyHanko's validator; never the network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509 import load_der_x509_certificate
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    InsufficientRevinfoError,
    InvalidCertificateError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
    ValidationError,
)

from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ses.steps import Step, shown, step

from ._pyhanko import run

_SIGNING = frozenset(("digital_signature", "non_repudiation"))
#: RFC 3161, 4: only for these reasons do tokens from before the revocation stay good.
_HARMLESS = ("affiliation_changed", "superseded", "cessation_of_operation")
_MOST_CERTIFICATES = 64
_MOST_LISTS = 64
_MOST_ON_THE_WAY = 5


@dataclass(frozen=True)
class Evidence:
    """What came along with a signature: certificates for the path, revocation lists, OCSP answers."""

    certificates: tuple[asn1.Certificate, ...] = ()
    crls: tuple[asn1_crl.CertificateList, ...] = ()
    ocsps: tuple[asn1_ocsp.OCSPResponse, ...] = ()

    @property
    def about_revocation(self) -> bool:
        """Whether any list or answer is there."""
        return bool(self.crls or self.ocsps)

    def with_certificates(self, more: Iterable[asn1.Certificate]) -> Evidence:
        """The same with further certificates, which go first."""
        return Evidence((*more, *self.certificates), self.crls, self.ocsps)


def holder(certificate: asn1.Certificate) -> str:
    """The common name in a certificate, or another name where there is none."""
    names = certificate.subject.native
    found = next((names[key] for key in ("common_name", "organization_name") if key in names), None)
    return str(found if isinstance(found, str) else certificate.subject.human_friendly)


def path_step(
    name: str,
    leaf: asn1.Certificate,
    evidence: Evidence,
    *,
    trust: Sequence[Certificate],
    at: datetime,
    purpose: str = "",
) -> tuple[Step, bool]:
    """Whether a trusted certificate vouches for `leaf` at `at`: True, None (nobody does), False (the path is broken).

    `purpose` is an extended key usage (as asn1crypto names it) that the certificate must name. Besides, whether there
    is a path.
    """
    try:
        used = leaf.key_usage_value.native if leaf.key_usage_value is not None else _SIGNING
        purposes = leaf.extended_key_usage_value.native if leaf.extended_key_usage_value is not None else ()
        if not _SIGNING & set(used):
            return step(name, False, "path_broken", detail=f"{holder(leaf)}: its key is not for signatures"), False
        if purpose and purpose not in purposes:
            return step(name, False, "stamp_usage", name=holder(leaf)), False
        _validate(leaf, Evidence(evidence.certificates), trust, at, "soft-fail")
    except PathBuildingError as error:
        return step(name, None, "untrusted", detail=error), False
    except (PathValidationError, ValidationError, InvalidCertificateError) as error:
        return step(name, False, "path_broken", detail=error), False
    except (ValueError, TypeError, KeyError, NotImplementedError) as error:
        return step(name, False, "certificate_unreadable", detail=error), False
    return step(name, True, "trusted", detail=f"{holder(leaf)} ← {_issuer(leaf)}"), True


def revocation_step(
    name: str,
    leaf: asn1.Certificate,
    evidence: Evidence,
    *,
    trust: Sequence[Certificate],
    at: datetime,
    claimed: datetime | None,
    proven: datetime | None,
) -> Step:
    """How the certificate and those above it stood when the signature was made; as `ses.revocation` judges it."""
    moment = proven or min(at, leaf.not_valid_after)
    who = holder(leaf)
    try:
        _validate(leaf, evidence, trust, moment, "require")
    except RevokedError as error:
        when = error.revocation_dt
        if proven is None and claimed is not None and when > claimed:
            return step(name, None, "revoked_since", name=who, time=shown(when))
        return step(name, False, "revoked", name=who, time=shown(when))
    except InsufficientRevinfoError:
        return step(name, None, "revocation_unknown", name=who, issuer=_issuer(leaf))
    except (PathBuildingError, PathValidationError, ValidationError, ValueError, TypeError, KeyError):
        return step(name, None, "revocation_no_path")
    return step(name, True, "not_revoked", name=who, time=shown(moment))


def stamping_fault(
    name: str,
    leaf: asn1.Certificate,
    evidence: Evidence,
    *,
    trust: Sequence[Certificate],
    moment: datetime,
    at: datetime,
) -> Step | None:
    """What lists say against an authority that stamped at `moment`, as `ses.revocation` judges it; None for nothing."""
    who = holder(leaf)
    try:
        _validate(leaf, evidence, trust, min(at, leaf.not_valid_after), "require")
    except RevokedError as error:
        when, reason = error.revocation_dt, getattr(error.reason, "native", None)
        if when > moment and reason in _HARMLESS:
            return None
        return step(name, False, "revoked", name=who, time=shown(when))
    except (PathBuildingError, PathValidationError, ValidationError, ValueError, TypeError, KeyError):
        return step(name, None, "revocation_unknown", name=who, issuer=_issuer(leaf))
    return None


def _validate(
    leaf: asn1.Certificate, evidence: Evidence, trust: Sequence[Certificate], at: datetime, mode: str
) -> None:
    context = ValidationContext(
        trust_roots=[asn1.Certificate.load(each.der) for each in trust if not _is_sm2(each)],
        other_certs=_way_up(leaf, evidence.certificates),
        moment=at,
        allow_fetching=False,
        crls=evidence.crls[:_MOST_LISTS],
        ocsps=[each for each in evidence.ocsps if _plain(each)][:_MOST_ON_THE_WAY],
        revocation_mode=mode,
        retroactive_revinfo=True,
    )
    run(CertificateValidator(leaf, validation_context=context).async_validate_path())


def _way_up(leaf: asn1.Certificate, others: Sequence[asn1.Certificate]) -> list[asn1.Certificate]:
    """Those of the certificates that signed the leaf, or one that did. The validator tries every order of what it is
    given: a dozen certificates of one name would keep it busy for years, so it gets few, and those that count."""
    pool = {each.dump(): each for each in others[:_MOST_CERTIFICATES]}
    found: dict[bytes, asn1.Certificate] = {}
    waiting = [leaf.dump()]
    checks = _MOST_CERTIFICATES
    while waiting:
        below = waiting.pop(0)
        for der, certificate in pool.items():
            if der in found or len(found) == _MOST_ON_THE_WAY or checks == 0:
                continue
            named, checks = _issued(below, der, checks)
            if named:
                found[der] = certificate
                waiting.append(der)
    return list(found.values())


def _issued(below: bytes, above: bytes, checks: int) -> tuple[bool, int]:
    """Whether the key of one certificate signed the other, and how many such checks are left."""
    try:
        lower, upper = load_der_x509_certificate(below), load_der_x509_certificate(above)
        if lower.issuer != upper.subject:
            return False, checks
        lower.verify_directly_issued_by(upper)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False, checks - 1
    return True, checks - 1


def _plain(answer: asn1_ocsp.OCSPResponse) -> bool:
    """Whether an OCSP answer brings no more than its responder's certificate along (`_way_up` says why)."""
    try:
        certificates = answer.basic_ocsp_response["certs"].native
    except (ValueError, TypeError, KeyError):
        return False
    return certificates is None or len(certificates) <= 1


def _is_sm2(certificate: Certificate) -> bool:
    try:
        certificate.public_key  # noqa: B018 - asked whether it is one
    except GmError:
        return False
    return True


def _issuer(certificate: asn1.Certificate) -> str:
    names = certificate.issuer.native
    return str(names.get("common_name") or names.get("organization_name") or certificate.issuer.human_friendly)


def given(crls: Sequence[Crl] | None) -> tuple[asn1_crl.CertificateList, ...]:
    """The caller's revocation lists for the validator."""
    return tuple(asn1_crl.CertificateList.load(each.der) for each in crls or ())
