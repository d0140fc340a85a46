"""Whom the centre trusts at this moment and which revocation lists are the newest, in two questions to the register."""

from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from yichuan.common.prepared import Prepared
from yichuan.keys.models import ExternalAuthority, IssuedCertificate, PublishedList, read_certificate
from yichuan.keys.selectors import read_list
from yichuan.keys.services.registry import ISSUING, ROOT
from yichuan.keys.states import AUTHORITIES, AuthorityState, CertificateState, Use
from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.x509 import Certificate


class Trust(NamedTuple):
    """What a document is verified against, as `trusted_roots` and `crls` say it."""

    roots: list[Certificate]
    lists: list[Crl]


def _own_rows() -> QuerySet[Any, Any]:
    newest = PublishedList.objects.filter(issuer=OuterRef("label"), der__isnull=False).order_by("-number").values("der")
    own = IssuedCertificate.objects.filter(use__in=AUTHORITIES).annotate(newest=Subquery(newest[:1]))
    return own.order_by("issued_at").values_list("label", "state", "use", "der", "newest")


def _outside_rows() -> QuerySet[Any, Any]:
    believed = ExternalAuthority.objects.filter(state=AuthorityState.ACCEPTED)
    return believed.values_list("der", "for_seals", "revocations__der")


_own, _outside = Prepared(_own_rows), Prepared(_outside_rows)


def trust() -> Trust:
    """The centre's root, its issuing CA (a seal has no place for a chain, GB/T 38540), its authority for seals on PDF,
    and the authorities outside that the officer marked for seals; the newest list of each of the centre's CAs, and
    those brought in of the authorities outside."""
    rows, outside = _own(), _outside()
    standing = {label: der for label, _, _, der, _ in rows}  # of each key the last one
    standing |= {label: der for label, state, _, der, _ in rows if state == CertificateState.VALID}
    roots = [standing[ROOT], standing[ISSUING]]
    roots += [der for _, _, use, der, _ in rows if use == Use.PDF_ISSUING]
    roots += [der for der, for_seals, _ in outside if for_seals]
    lists = [*{label: der for label, _, _, _, der in rows}.values(), *(der for _, _, der in outside)]
    return Trust(
        [read_certificate(bytes(der)) for der in roots], [read_list(bytes(der)) for der in lists if der is not None]
    )
