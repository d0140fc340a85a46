"""Certificates inside seals: read once, their keys found even where other parts are odd."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from itertools import islice

from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.x509 import Certificate, Usage, validate_path

from . import liberal, tlv
from .errors import SesError
from .findings import PATH_ZH
from .steps import Said, Step, step

_MOST_CERTIFICATES = 32
_LONGEST_CERTIFICATE = 16 * 1024
#: Faults of a path that say "nobody here vouches for it" rather than "it is broken".
_UNTRUSTED = frozenset(("unknown_issuer", "wrong_issuer", "untrusted_root"))


def read_certificate(der: bytes) -> Certificate:
    """The certificate in DER, kept for the next time. Raises GmError `bad_certificate`.

    Its key is looked at here: what is hostile in it shows now, and not in the middle of a path. A key that is sound
    but not SM2 passes (the path then says that it is unsupported).
    """
    if len(der) > _LONGEST_CERTIFICATE:
        raise GmError("bad_certificate", f"{len(der)} bytes are more than any certificate has")
    return _read_certificate(der)


@lru_cache(maxsize=512)
def _read_certificate(der: bytes) -> Certificate:
    certificate = Certificate.from_der(der)
    try:
        certificate.public_key  # noqa: B018 - read for its errors
    except GmError:
        return certificate
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise GmError("bad_certificate", f"the certificate's public key is not readable: {error}") from error
    return certificate


def readable(ders: Iterable[bytes]) -> list[Certificate]:
    """Those of the certificates that can be read, for building paths; of very many the first."""
    found = []
    for der in islice(dict.fromkeys(ders), _MOST_CERTIFICATES):
        try:
            found.append(read_certificate(der))
        except GmError:
            continue
    return found


def key_and_name(der: bytes) -> tuple[PublicKey, str]:
    """The SM2 key in a certificate and its holder's name ("?" when only the key can be read).

    Raises GmError or SesError when there is no SM2 key.
    """
    try:
        certificate = read_certificate(der)
    except GmError:
        return PublicKey.from_der(_key_info(der)), "?"
    return certificate.public_key, certificate.subject_name


def _key_info(der: bytes) -> bytes:
    """SubjectPublicKeyInfo by its place in the certificate."""
    members = liberal.fields(liberal.fields(tlv.read(der), "certificate", 3, 3)[0], "certificate", 6, 10)
    place = 6 if members[0].tag == tlv.CONTEXT_0 else 5
    if place >= len(members):
        raise SesError("asn1", "certificate: the public key is missing")
    return members[place].raw


def path_step(
    name: str, der: bytes, others: Iterable[bytes], *, trust: list[Certificate], at: datetime, usage: Usage
) -> tuple[Step, tuple[Certificate, ...]]:
    """Whether a trusted certificate vouches for `der` at `at`: True, None (nobody does), False (the path is broken).

    Besides the step, the way from `der` to the trusted certificate; empty when there is none.
    """
    try:
        leaf = read_certificate(der)
    except GmError as error:
        return step(name, False, "certificate_unreadable", detail=error), ()
    result = validate_path(leaf, intermediates=readable(others), trust=trust, at=at, usage=usage)
    about = result.about
    detail = Said(result.note, PATH_ZH[result.code].format(name=about.subject_name, issuer=about.issuer_name))
    if result.ok:
        return step(name, True, "trusted", detail=detail), result.chain
    if result.code == "unsupported":
        return step(name, None, "path_unsupported", detail=detail), ()
    if result.code in _UNTRUSTED:
        return step(name, None, "untrusted", detail=detail), ()
    return step(name, False, "path_broken", detail=detail), ()
