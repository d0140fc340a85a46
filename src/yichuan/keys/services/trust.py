"""Whom the centre trusts at this moment and which revocation lists are the newest, in one question to the register."""

from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery, Value

from yichuan.common.prepared import Prepared
from yichuan.keys.models import ExternalAuthority, IssuedCertificate, PublishedList, read_certificate
from yichuan.keys.selectors import read_list
from yichuan.keys.services.publish import P256_ISSUING
from yichuan.keys.services.registry import ISSUING, ROOT
from yichuan.keys.states import AuthorityState, CertificateState, Use
from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.x509 import Certificate


class Trust(NamedTuple):
    """What a document is verified against, as `trusted_roots` and `crls` say it."""

    roots: list[Certificate]
    lists: list[Crl]


OUTSIDE = ""
"""Instead of a label: an authority outside has no key here."""


def _rows() -> QuerySet[Any, tuple[Any, ...]]:
    """Label, state, use, certificate, whether seals may be under it, newest list: of ours, which are found by the
    labels of their keys in a register of thousands, and of those outside."""
    newest = PublishedList.objects.filter(issuer=OuterRef("label"), der__isnull=False).order_by("-number").values("der")
    own = IssuedCertificate.objects.filter(label__in=(ROOT, ISSUING, P256_ISSUING)).values_list(
        "label", "state", "use", "der", Value(True), Subquery(newest[:1]), "issued_at"
    )
    outside = ExternalAuthority.objects.filter(state=AuthorityState.ACCEPTED).values_list(
        Value(OUTSIDE), "state", Value(OUTSIDE), "der", "for_seals", "revocations__der", "proposed_at"
    )
    return own.order_by().union(outside.order_by(), all=True).order_by("issued_at")


_asked = Prepared(_rows)


def trust() -> Trust:
    """The centre's root, its issuing CA (a seal has no place for a chain, GB/T 38540), its authority for seals on PDF,
    and the authorities outside that the officer marked for seals; the newest list of each of the centre's CAs, and
    those brought in of the authorities outside."""
    asked = _asked()
    rows, outside = [row for row in asked if row[0] != OUTSIDE], [row for row in asked if row[0] == OUTSIDE]
    standing = {label: der for label, _, _, der, *_ in rows}  # of each key the last one
    standing |= {label: der for label, state, _, der, *_ in rows if state == CertificateState.VALID}
    roots = [standing[ROOT], standing[ISSUING]]
    roots += [der for _, _, use, der, *_ in rows if use == Use.PDF_ISSUING]
    roots += [der for _, _, _, der, for_seals, *_ in outside if for_seals]
    lists = [*{label: der for label, *_, der, _ in rows}.values(), *(der for *_, der, _ in outside)]
    return Trust(
        [read_certificate(bytes(der)) for der in roots], [read_list(bytes(der)) for der in lists if der is not None]
    )
