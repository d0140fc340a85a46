"""Whether a certificate was revoked when its signature was made (RFC 5280, 6.3; ETSI EN 319 102-1, 5.2.5 and 5.6.2).

What counts is proof that the signature existed: a time stamp gives it, the signer's own clock does not, for who holds a
stolen key sets the clock back. So

* revoked before the proven time, or before the time the signer claims: the signature is not good;
* revoked after the proven time: it stays good;
* revoked since, with nothing but the signer's word for an earlier time: it cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from yichuan.lib.gm.crl import Crl, Reason, standing_of
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.x509 import Certificate

from .steps import Step, shown, step

_MOST_LISTS = 16
_MOST_BYTES = 256 * 1024

#: RFC 3161, 4: only for these reasons do tokens from before the revocation stay good.
_HARMLESS = frozenset((Reason.AFFILIATION_CHANGED, Reason.SUPERSEDED, Reason.CESSATION_OF_OPERATION))


@lru_cache(maxsize=_MOST_LISTS)
def _read(der: bytes) -> Crl:
    return Crl.from_der(der)


def lists_inside(ders: Iterable[bytes]) -> list[Crl]:
    """The revocation lists that lie in a signature value. Those that cannot be read, or are longer than a quarter of a
    megabyte altogether, are passed over: a list that is not read makes nothing better."""
    found: list[Crl] = []
    left = _MOST_BYTES
    for der in list(dict.fromkeys(ders))[:_MOST_LISTS]:
        left -= len(der)
        if left < 0:
            break
        try:
            found.append(_read(der))
        except GmError:
            continue
    return found


def revocation_step(
    name: str,
    chain: Sequence[Certificate],
    crls: Sequence[Crl],
    *,
    at: datetime,
    claimed: datetime | None,
    proven: datetime | None,
) -> Step:
    """How every certificate of `chain` but the last, the trusted one, stood when the signature was made: the worst."""
    if not chain:
        return step(name, None, "revocation_no_path")
    if len(chain) == 1:
        return step(name, True, "revocation_anchor", name=chain[0].subject_name)
    found = [
        _link_step(name, certificate, issuer, crls, at=at, claimed=claimed, proven=proven)
        for certificate, issuer in pairwise(chain)
    ]
    return min(found, key=lambda each: (False, None, True).index(each.ok))


def _link_step(
    name: str,
    certificate: Certificate,
    issuer: Certificate,
    crls: Sequence[Crl],
    *,
    at: datetime,
    claimed: datetime | None,
    proven: datetime | None,
) -> Step:
    who = certificate.subject_name
    # After its end a certificate is no longer listed, and a list of its last days has the last word.
    moment = proven or min(at, certificate.not_after)
    standing = standing_of(certificate, issuer, crls, moment)
    if standing is None:
        return step(name, None, "revocation_unknown", name=who, issuer=issuer.subject_name)
    entry = standing.revocation
    if entry is None or (proven is None and entry.at > moment):
        return step(name, True, "not_revoked", name=who, time=shown(standing.told))
    details = {"name": who, "time": shown(entry.at)}
    if proven is not None and entry.at > proven:
        return step(name, True, "revoked_later", proven=shown(proven), **details)
    if proven is None and claimed is not None and entry.at > claimed:
        return step(name, None, "revoked_since", **details)
    return step(name, False, "revoked", **details)


def stamping_revocation(
    name: str, chain: Sequence[Certificate], crls: Sequence[Crl], *, moment: datetime, at: datetime
) -> Step | None:
    """What the lists say against an authority that stamped at `moment`; None when nothing."""
    for certificate, issuer in pairwise(chain):
        who = certificate.subject_name
        standing = standing_of(certificate, issuer, crls, min(at, certificate.not_after))
        if standing is None:
            return step(name, None, "revocation_unknown", name=who, issuer=issuer.subject_name)
        entry = standing.revocation
        if entry is not None and entry.at <= at and not (entry.at > moment and entry.reason in _HARMLESS):
            return step(name, False, "revoked", name=who, time=shown(entry.at))
    return None
