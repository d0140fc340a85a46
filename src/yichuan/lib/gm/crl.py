"""Certificate revocation lists (RFC 5280, 5) signed with SM2: making, reading, asking."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from asn1crypto import core, pem
from asn1crypto import crl as asn1
from asn1crypto import x509 as asn1_x509

from yichuan.lib.gm._certificate import (
    SM2_WITH_SM3,
    Certificate,
    aware,
    normal_form,
    point_names,
    signed_part,
    whole_octets,
)
from yichuan.lib.gm._known import digest_of, signed_with
from yichuan.lib.gm.errors import GmError

_FIRST_GENERALIZED_YEAR = 2050  # RFC 5280, 5.1.2.4
_UNDERSTOOD = frozenset({"authority_key_identifier", "crl_number"})
_EXPIRED_CERTS_ON_CRL = "2.5.29.60"
_PARTIAL = ("only_some_reasons", "only_contains_attribute_certs", "indirect_crl")


class Reason(StrEnum):
    """Why a certificate was revoked (RFC 5280, 5.3.1)."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "key_compromise"
    CA_COMPROMISE = "ca_compromise"
    AFFILIATION_CHANGED = "affiliation_changed"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessation_of_operation"
    CERTIFICATE_HOLD = "certificate_hold"
    REMOVE_FROM_CRL = "remove_from_crl"
    PRIVILEGE_WITHDRAWN = "privilege_withdrawn"
    AA_COMPROMISE = "aa_compromise"


@dataclass(frozen=True)
class Revocation:
    """One certificate of the issuer, revoked from `at` (aware) on."""

    serial: int
    at: datetime
    reason: Reason = Reason.UNSPECIFIED


@dataclass(frozen=True)
class Scope:
    """Which certificates a list is about (RFC 5280, 5.2.5): CAs divide theirs by distribution point or by kind.

    `points` are those whose certificates it lists (GeneralName in DER), empty for all.
    """

    points: frozenset[bytes] = frozenset()
    users: bool = True
    authorities: bool = True

    def covers(self, certificate: Certificate) -> bool:
        """Whether the certificate would stand on this list if it were revoked."""
        kind = self.authorities if certificate.is_ca else self.users
        return kind and (not self.points or bool(self.points & certificate.crl_points))


@dataclass(frozen=True)
class Crl:
    """A complete revocation list of one CA. Equal and hashable by its DER."""

    der: bytes = field(repr=False)
    tbs: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)
    signature_oid: str = field(compare=False, repr=False)
    issuer_key: str = field(compare=False)
    """The issuer's name in RFC 5280's normal form, to be compared with a certificate's `subject_key`."""
    number: int | None = field(compare=False)
    this_update: datetime = field(compare=False)
    next_update: datetime | None = field(compare=False)
    revoked: dict[int, Revocation] = field(compare=False, repr=False)
    """By serial number."""
    unknown_critical: frozenset[str] = field(compare=False)
    """Critical extensions that are not acted on (deltas, indirect lists, some reasons only); such a list counts for
    nothing."""
    scope: Scope = field(compare=False)
    keeps_since: datetime | None = field(compare=False, default=None)
    """Revoked ones that ended since then are still listed (X.509, expiredCertsOnCRL)."""

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """GmError `bad_crl`: not a revocation list, bytes after its end, or a part of it malformed."""
        try:
            return cls(**_read(der))
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
            raise GmError("bad_crl", f"not a readable revocation list: {error}") from error

    @classmethod
    def from_pem(cls, text: bytes) -> Self:
        """From one PEM block. GmError `bad_crl`."""
        try:
            _, _, der = pem.unarmor(text)
        except ValueError as error:
            raise GmError("bad_crl", f"the PEM text is damaged: {error}") from error
        return cls.from_der(der)

    def to_pem(self) -> bytes:
        """The list as one PEM block."""
        text: bytes = pem.armor("X509 CRL", self.der)
        return text

    def signed_by(self, issuer: Certificate) -> bool:
        """Whether `issuer` is named by the list, may sign lists, and its key (SM2, default user id) has signed it."""
        if self.signature_oid != SM2_WITH_SM3 or self.issuer_key != issuer.subject_key:
            return False
        if issuer.key_usage is not None and "crl_sign" not in issuer.key_usage:
            return False
        try:
            key = issuer.public_key
        except GmError:
            return False
        return signed_with(key, self.signature, self.tbs, self._digest)

    @cached_property
    def _digest(self) -> bytes:
        return digest_of(self.tbs)

    def speaks_of(self, certificate: Certificate, at: datetime) -> bool:
        """Whether the list can tell if `certificate` was revoked at `at`.

        A list of a later day can too; one made after the certificate ended only where it says that it keeps such ones.
        """
        told_of = self.this_update if self.keeps_since is None else min(self.this_update, self.keeps_since)
        fresh = self.next_update is None or at <= self.next_update
        readable = not self.unknown_critical and self.scope.covers(certificate)
        return fresh and readable and told_of <= certificate.not_after


def make_crl(
    issuer: Certificate,
    sign: Callable[[bytes], bytes],
    *,
    revoked: Iterable[Revocation],
    number: int,
    this_update: datetime,
    next_update: datetime,
    keeps_since: datetime | None = None,
) -> Crl:
    """The complete list of `issuer`, signed SM2 with SM3. Times are aware and cut to seconds; `number` must grow.

    `keeps_since` says that `revoked` names those too that ended since then.

    GmError: `bad_time`, `bad_crl` (a serial twice), `not_a_ca` (the issuer may not sign lists), `wrong_signature`.
    """
    entries = list(revoked)
    if len({entry.serial for entry in entries}) != len(entries):
        raise GmError("bad_crl", "revoked names a serial number twice")
    if issuer.key_usage is not None and "crl_sign" not in issuer.key_usage:
        raise GmError("not_a_ca", f"{issuer.subject_name} may not sign revocation lists")
    if this_update >= next_update:
        raise GmError("bad_time", "this_update must lie before next_update")
    extensions: list[dict[str, Any]] = [{"extn_id": "crl_number", "extn_value": core.Integer(number)}]
    if issuer.subject_key_id:
        extensions.append(
            {"extn_id": "authority_key_identifier", "extn_value": {"key_identifier": issuer.subject_key_id}}
        )
    if keeps_since is not None:
        kept = core.ParsableOctetString(core.GeneralizedTime(keeps_since.astimezone(UTC).replace(microsecond=0)).dump())
        extensions.append({"extn_id": _EXPIRED_CERTS_ON_CRL, "extn_value": kept})
    body: dict[str, Any] = {
        "version": "v2",
        "signature": {"algorithm": SM2_WITH_SM3},
        "issuer": asn1_x509.Certificate.load(issuer.der).subject,
        "this_update": _time("this_update", this_update),
        "next_update": _time("next_update", next_update),
        "crl_extensions": extensions,
    }
    if entries:
        body["revoked_certificates"] = [_entry(entry) for entry in entries]
    tbs = asn1.TbsCertList(body)
    algorithm = {"algorithm": SM2_WITH_SM3}
    made = asn1.CertificateList({"tbs_cert_list": tbs, "signature_algorithm": algorithm, "signature": sign(tbs.dump())})
    crl = Crl.from_der(made.dump())
    if not crl.signed_by(issuer):
        raise GmError("wrong_signature", "sign did not use the issuer's key; give the issuer's own signer")
    return crl


@dataclass(frozen=True)
class Standing:
    """What the lists that can tell say of a certificate: revoked from some day on, or not at all.

    `told` is the day of the newest of them.
    """

    told: datetime
    revocation: Revocation | None


def standing_of(certificate: Certificate, issuer: Certificate, crls: Iterable[Crl], at: datetime) -> Standing | None:
    """How `certificate` stands in the lists of its issuer that can tell of `at`; None when there is no such list.

    Of several revocations the earliest counts, whether it lies before `at` or after it.
    """
    lists = [crl for crl in crls if crl.speaks_of(certificate, at) and crl.signed_by(issuer)]
    if not lists:
        return None
    entries = (crl.revoked.get(certificate.serial) for crl in lists)
    standing = [entry for entry in entries if entry is not None and entry.reason is not Reason.REMOVE_FROM_CRL]
    earliest = min(standing, key=lambda entry: entry.at, default=None)
    return Standing(max(crl.this_update for crl in lists), earliest)


def revocation_fault(
    certificate: Certificate, issuer: Certificate, crls: Iterable[Crl], at: datetime
) -> tuple[str, str] | None:
    """What the lists say against `certificate` at `at`: `revoked`, `revocation_unknown` (no list of its issuer speaks
    of it), or None. The second item is a sentence."""
    standing = standing_of(certificate, issuer, crls, at)
    if standing is None:
        return "revocation_unknown", f"{certificate.subject_name}: no valid revocation list of {issuer.subject_name}"
    entry = standing.revocation
    if entry is not None and entry.at <= at:
        return "revoked", f"{certificate.subject_name}: revoked on {entry.at.isoformat()} ({entry.reason.value})"
    return None


def _entry(entry: Revocation) -> dict[str, Any]:
    built: dict[str, Any] = {"user_certificate": entry.serial, "revocation_date": _time("at", entry.at)}
    if entry.reason is not Reason.UNSPECIFIED:  # RFC 5280, 5.3.1: left out rather than said
        reason = {"extn_id": "crl_reason", "extn_value": asn1.CRLReason(entry.reason.value)}
        built["crl_entry_extensions"] = [reason]
    return built


def _time(name: str, moment: datetime) -> asn1_x509.Time:
    if moment.tzinfo is None:
        raise GmError("bad_time", f"{name} must have a time zone")
    moment = moment.astimezone(UTC).replace(microsecond=0)
    return asn1_x509.Time({"utc_time" if moment.year < _FIRST_GENERALIZED_YEAR else "general_time": moment})


def _read(der: bytes) -> dict[str, Any]:
    crl = asn1.CertificateList.load(der, strict=True)
    tbs = crl["tbs_cert_list"]
    oid = crl["signature_algorithm"]["algorithm"].dotted
    if tbs["signature"]["algorithm"].dotted != oid:
        raise ValueError("the signature algorithms inside and outside differ")
    revoked, unknown = {}, set()
    for item in tbs["revoked_certificates"]:
        reason = Reason.UNSPECIFIED
        for extension in item["crl_entry_extensions"]:
            if extension["extn_id"].native == "crl_reason":
                reason = Reason(extension["extn_value"].parsed.native)
            elif extension["critical"].native:
                unknown.add(extension["extn_id"].dotted)
        serial = item["user_certificate"].native
        revoked[serial] = Revocation(serial, aware(item["revocation_date"]), reason)
    number, scope, keeps_since = None, Scope(), None
    for extension in tbs["crl_extensions"]:
        if extension["extn_id"].native == "crl_number":
            number = extension["extn_value"].parsed.native
        elif extension["extn_id"].dotted == _EXPIRED_CERTS_ON_CRL:
            keeps_since = core.GeneralizedTime.load(bytes(extension["extn_value"]), strict=True).native
        elif (part := _scope(extension)) is not None:
            scope = part
        elif extension["critical"].native and extension["extn_id"].native not in _UNDERSTOOD:
            unknown.add(extension["extn_id"].dotted)
    return {
        "der": der,
        "tbs": signed_part(der),
        "signature": whole_octets(crl["signature"]),
        "signature_oid": oid,
        "issuer_key": normal_form(tbs["issuer"]),
        "number": number,
        "this_update": aware(tbs["this_update"]),
        "next_update": aware(tbs["next_update"]) if tbs["next_update"].native else None,
        "revoked": revoked,
        "unknown_critical": frozenset(unknown),
        "scope": scope,
        "keeps_since": keeps_since,
    }


def _scope(extension: Any) -> Scope | None:
    """What an issuingDistributionPoint says; None for another extension and for lists that are partial otherwise."""
    if extension["extn_id"].native != "issuing_distribution_point":
        return None
    said = extension["extn_value"].parsed
    point = said["distribution_point"]
    names = frozenset(name.dump() for name in point_names(point))
    if any(said[part].native for part in _PARTIAL) or (point.native and not names):
        return None
    return Scope(names, not said["only_contains_ca_certs"].native, not said["only_contains_user_certs"].native)
