"""Certificate path validation (RFC 5280, 6.1) for SM2, link by link. The public names are in `x509`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yichuan.lib.gm._certificate import Certificate
from yichuan.lib.gm._issue import ANY_PURPOSE, CLIENT_AUTHENTICATION, SEAL_MAKING
from yichuan.lib.gm.crl import Crl, revocation_fault
from yichuan.lib.gm.errors import GmError

_DEEPEST = 8  # certificates in a chain; office PKIs have two to four
_MOST_LINKS = 64  # signatures checked for one leaf, so that hostile bundles cost little


class Usage(StrEnum):
    """What the leaf is about to be relied on for."""

    SIGNATURE = "signature"
    SEAL_MAKING = "seal_making"
    ENCRYPTION = "encryption"
    CLIENT = "client"


_KEY_USAGES = {
    Usage.SIGNATURE: frozenset({"digital_signature", "non_repudiation"}),
    Usage.SEAL_MAKING: frozenset({"digital_signature", "non_repudiation"}),
    Usage.ENCRYPTION: frozenset({"key_encipherment", "data_encipherment", "key_agreement"}),
    Usage.CLIENT: frozenset({"digital_signature"}),
}


@dataclass(frozen=True)
class PathResult:
    """What came of a validation: `code` is `ok` or the first fault, `note` says it and names the certificate.

    Codes: `expired`, `not_yet_valid`, `unknown_issuer` (no certificate of that name was given), `wrong_issuer` (one of
    that name, but with another key), `altered` (the signature does not fit), `not_a_ca`, `path_length`, `wrong_usage`,
    `untrusted_root`, `unknown_extension` (a critical one), `unsupported` (not SM2 with SM3), `too_complex`, `revoked`,
    `revocation_unknown` (lists were asked for and none speaks of the certificate).
    `chain` runs from the leaf as far as it could be followed; when ok, to the trust anchor. `about` is the certificate
    that the note speaks of.
    """

    ok: bool
    code: str
    note: str
    chain: tuple[Certificate, ...]
    about: Certificate


def validate_path(
    leaf: Certificate,
    *,
    intermediates: Iterable[Certificate] = (),
    trust: Iterable[Certificate],
    at: datetime,
    usage: Usage | None = None,
    crls: Iterable[Crl] | None = None,
) -> PathResult:
    """Whether `leaf` leads to one of `trust` and every certificate on the way was good at `at` (aware).

    Any certificate of `trust` ends the path, self-signed or not; its own times and constraints count too. With `crls`
    (even an empty collection) every certificate below it must be spoken of by a list of its issuer; with None
    revocation is not looked at. Bad
    certificates give a result that says so, never an exception; GmError `bad_time` is for an `at` without a time zone.
    """
    if at.tzinfo is None:
        raise GmError("bad_time", "at must have a time zone")
    anchors = tuple(dict.fromkeys(trust))
    pool = tuple(dict.fromkeys((*anchors, *intermediates)))
    lists = None if crls is None else tuple(crls)
    return _Search(frozenset(anchors), pool, at, usage and Usage(usage), lists).follow((leaf,))


class _Search:
    """Walks from the leaf upwards, trying every certificate that bears the issuer's name."""

    def __init__(
        self,
        anchors: frozenset[Certificate],
        pool: Sequence[Certificate],
        at: datetime,
        usage: Usage | None,
        crls: Sequence[Crl] | None,
    ) -> None:
        self._anchors, self._pool, self._at, self._usage, self._crls = anchors, pool, at, usage, crls
        self._links_left = _MOST_LINKS

    def follow(self, chain: tuple[Certificate, ...]) -> PathResult:
        """The first good path that begins with `chain`, or else the fault of the one that came furthest."""
        top = chain[-1]
        if top in self._anchors:
            return self._checked(chain)
        if top.self_signed:
            return _fault(chain, "untrusted_root", f"the root {top.subject_name} is not among the trusted ones")
        candidates = [other for other in self._pool if other.subject_key == top.issuer_key and other not in chain]
        if not candidates:
            return _fault(chain, "unknown_issuer", f"{top.subject_name}: its issuer {top.issuer_name} was not given")
        faults = []
        for candidate in candidates:
            result = self._link(chain, candidate) or self.follow((*chain, candidate))
            if result.ok:
                return result
            faults.append(result)
        return max(faults, key=lambda fault: len(fault.chain))

    def _link(self, chain: tuple[Certificate, ...], issuer: Certificate) -> PathResult | None:
        """The fault of the step from the chain's top to `issuer`, if it has one."""
        top = chain[-1]
        if self._links_left == 0 or len(chain) == _DEEPEST:
            return _fault(chain, "too_complex", f"no path found within {_DEEPEST} levels and {_MOST_LINKS} signatures")
        if top.authority_key_id and issuer.subject_key_id and top.authority_key_id != issuer.subject_key_id:
            return _fault(chain, "wrong_issuer", f"{top.subject_name}: issued by another key of {issuer.subject_name}")
        self._links_left -= 1
        try:
            signed = top.signed_by(issuer)
        except GmError as error:
            return _fault(chain, "unsupported", str(error))
        if not signed:
            note = f"{top.subject_name}: the signature is not {issuer.subject_name}'s over these bytes"
            return _fault(chain, "altered", note)
        return None

    def _checked(self, chain: tuple[Certificate, ...]) -> PathResult:
        """RFC 5280, 6.1.3 and 6.1.4, over a chain whose signatures hold."""
        for depth in range(len(chain) - 1, -1, -1):
            certificate = chain[depth]
            fault = self._time_fault(certificate) or _extension_fault(certificate)
            fault = fault or (_issuer_fault(chain, depth) if depth else _usage_fault(chain, self._usage))
            if not fault and self._crls is not None and depth + 1 < len(chain):
                fault = revocation_fault(certificate, chain[depth + 1], self._crls, self._at)
            if fault:
                return PathResult(False, *fault, chain, certificate)
        return PathResult(True, "ok", f"trusted through {chain[-1].subject_name}", chain, chain[-1])

    def _time_fault(self, certificate: Certificate) -> tuple[str, str] | None:
        if self._at < certificate.not_before:
            begin = certificate.not_before.isoformat()
            return "not_yet_valid", f"{certificate.subject_name}: valid only from {begin}"
        if self._at > certificate.not_after:
            return "expired", f"{certificate.subject_name}: expired on {certificate.not_after.isoformat()}"
        return None


def _extension_fault(certificate: Certificate) -> tuple[str, str] | None:
    if certificate.unknown_critical:
        unknown = ", ".join(sorted(certificate.unknown_critical))
        return "unknown_extension", f"{certificate.subject_name}: unknown critical extension {unknown}"
    return None


def _issuer_fault(chain: tuple[Certificate, ...], depth: int) -> tuple[str, str] | None:
    issuer = chain[depth]
    if not issuer.is_ca:
        return "not_a_ca", f"{issuer.subject_name}: is no CA but issued {chain[depth - 1].subject_name}"
    if issuer.key_usage is not None and "key_cert_sign" not in issuer.key_usage:
        return "wrong_usage", f"{issuer.subject_name}: its key may not sign certificates"
    below = sum(not between.self_issued for between in chain[1:depth])
    if issuer.path_length is not None and below > issuer.path_length:
        return "path_length", f"{issuer.subject_name}: allows {issuer.path_length} CA(s) below it, there are {below}"
    return None


def _usage_fault(chain: tuple[Certificate, ...], usage: Usage | None) -> tuple[str, str] | None:
    leaf, issuers = chain[0], chain[1:]
    if usage is None:
        return None
    if leaf.key_usage is not None and not leaf.key_usage & _KEY_USAGES[usage]:
        return "wrong_usage", f"{leaf.subject_name}: its key is not for {usage.value}"
    apart = any(SEAL_MAKING in (issuer.extended_key_usage or ()) for issuer in issuers)
    if usage is Usage.SEAL_MAKING and apart and SEAL_MAKING not in (leaf.extended_key_usage or ()):
        return "wrong_usage", f"{leaf.subject_name}: its certificate is not one for making seals"
    purposes = leaf.extended_key_usage
    if usage is Usage.CLIENT and purposes is not None and not purposes & {CLIENT_AUTHENTICATION, ANY_PURPOSE}:
        return "wrong_usage", f"{leaf.subject_name}: its certificate is not one for logging in"
    return None


def _fault(chain: tuple[Certificate, ...], code: str, note: str) -> PathResult:
    return PathResult(False, code, note, chain, chain[-1])
