"""Making X.509 certificates by profile. The public names are in `x509`."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from asn1crypto import core
from asn1crypto import x509 as asn1

from yichuan.lib.gm._certificate import SM2_WITH_SM3, Certificate, Name
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import sm3

DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
"""id-kp-documentSigning (RFC 9336)."""
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
"""id-kp-timeStamping (RFC 3161, 2.3): the only purpose of such a certificate, and critical."""
SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1"
CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2"
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
"""id-kp-OCSPSigning (RFC 6960, 4.2.2.2): the CA lets the holder answer for it."""
ANY_PURPOSE = "2.5.29.37.0"
SEAL_MAKING = "2.25.279578820935013001592025451877759725332"
"""Of ours (an OID made from a UUID): the holder may sign electronic seals as their maker (GB/T 38540, 制章者).
Without it every signing certificate under a root could make a seal for itself. Our CAs name it too, to say that they
keep seal makers apart: below such a CA only a certificate that names it makes seals. Other CAs know nothing of it."""

_LARGEST_SERIAL = 1 << 159  # 20 octets, RFC 5280 4.1.2.2
_FIRST_GENERALIZED_YEAR = 2050  # RFC 5280 4.1.2.5


class Profile(StrEnum):
    """What a certificate is for; decides its basic constraints and key usages."""

    ROOT = "root"
    INTERMEDIATE = "intermediate"
    SIGNER = "signer"
    SEAL_MAKER = "seal_maker"
    TIME_STAMP = "time_stamp"
    ENCRYPTION = "encryption"
    CLIENT = "client"
    SERVER = "server"
    OCSP = "ocsp"


@dataclass(frozen=True)
class _Shape:
    ca: bool
    usage: frozenset[str]
    purposes: tuple[str, ...] = ()
    purposes_critical: bool = False
    unchecked: bool = False


_CA = _Shape(True, frozenset({"key_cert_sign", "crl_sign"}), (ANY_PURPOSE, SEAL_MAKING))
_SIGNING_USAGE = frozenset({"digital_signature", "non_repudiation"})

_SHAPES = {
    Profile.ROOT: _CA,
    Profile.INTERMEDIATE: _CA,
    Profile.SIGNER: _Shape(False, _SIGNING_USAGE, (DOCUMENT_SIGNING,)),
    Profile.SEAL_MAKER: _Shape(False, _SIGNING_USAGE, (SEAL_MAKING,)),
    Profile.TIME_STAMP: _Shape(False, _SIGNING_USAGE, (TIME_STAMPING,), purposes_critical=True),
    # what GM/T 0015 gives the encryption certificate of a pair
    Profile.ENCRYPTION: _Shape(False, frozenset({"key_encipherment", "data_encipherment", "key_agreement"})),
    Profile.CLIENT: _Shape(False, frozenset({"digital_signature"}), (CLIENT_AUTHENTICATION,)),
    Profile.SERVER: _Shape(False, frozenset({"digital_signature", "key_agreement"}), (SERVER_AUTHENTICATION,)),
    # id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1): nobody asks the responder about itself
    Profile.OCSP: _Shape(False, frozenset({"digital_signature"}), (OCSP_SIGNING,), unchecked=True),
}


def issue(
    profile: Profile,
    *,
    subject: Name,
    public_key: PublicKey,
    issuer: Certificate | None,
    sign: Callable[[bytes], bytes],
    not_before: datetime,
    not_after: datetime,
    serial: int | None = None,
    crl_url: str | None = None,
    ocsp_url: str | None = None,
    issuer_url: str | None = None,
    path_length: int | None = None,
) -> Certificate:
    """A certificate for `public_key`, signed SM2 with SM3 (default user id), accepted by the `openssl` command.

    `sign` is given the bytes to be signed and returns the DER signature of the issuer's key (of the key itself for a
    root, where `issuer` is None); the result is verified before the certificate is given out. Times are aware and cut
    to seconds. `serial` is random (126 bits) unless given. `crl_url`, `ocsp_url` and `issuer_url` say where the
    issuer's revocation list, its OCSP responder and its own certificate stand. `path_length` is for CA profiles; an
    intermediate CA has 0 unless given.

    GmError: `bad_name`, `bad_time` (naive, or not before ≥ not after), `bad_serial`, `bad_profile` (a root with an
    issuer, another without one, a path length that is not for a CA), `not_a_ca`, `path_length`, `outlives_issuer`
    (ends after its issuer), `wrong_signature` (`sign` used another key).
    """
    profile = Profile(profile)
    shape = _SHAPES[profile]
    if path_length is None and profile is Profile.INTERMEDIATE:
        path_length = 0
    _check_profile(profile, shape, issuer, path_length)
    begin, end = _checked_times(not_before, not_after, issuer)
    if serial is None:
        serial = secrets.randbits(125) | 1 << 125
    if not 0 < serial < _LARGEST_SERIAL:
        raise GmError("bad_serial", "serial must be positive and fit in 20 octets")

    name = subject.to_asn1()
    key_id = _key_id(public_key)
    tbs = asn1.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial,
            "signature": {"algorithm": SM2_WITH_SM3},
            "issuer": _subject_of(issuer) if issuer else name,
            "validity": {"not_before": _time(begin), "not_after": _time(end)},
            "subject": name,
            "subject_public_key_info": asn1.PublicKeyInfo.load(public_key.der),
            "extensions": _extensions(
                shape,
                key_id=key_id,
                issuer_key_id=(issuer.subject_key_id or _key_id(issuer.public_key)) if issuer else key_id,
                path_length=path_length,
                crl_url=crl_url,
                access={"ocsp": ocsp_url, "ca_issuers": issuer_url},
            ),
        }
    )
    certificate = Certificate.from_der(
        asn1.Certificate(
            {
                "tbs_certificate": tbs,
                "signature_algorithm": {"algorithm": SM2_WITH_SM3},
                "signature_value": sign(tbs.dump()),
            }
        ).dump()
    )
    if not certificate.signed_by(issuer or certificate):
        raise GmError("wrong_signature", f"{subject}: sign did not use the issuer's key; give the issuer's own signer")
    return certificate


def _check_profile(profile: Profile, shape: _Shape, issuer: Certificate | None, path_length: int | None) -> None:
    if (issuer is None) != (profile is Profile.ROOT):
        raise GmError("bad_profile", f"issuer: a root has none, every other profile needs one ({profile.value})")
    if path_length is not None and not shape.ca:
        raise GmError("bad_profile", f"path_length is for CA profiles, not for {profile.value}")
    if issuer is None:
        return
    if not issuer.is_ca or "key_cert_sign" not in (issuer.key_usage or {"key_cert_sign"}):
        raise GmError("not_a_ca", f"issuer {issuer.subject_name} is not a CA")
    if shape.ca and issuer.path_length is not None and (path_length is None or path_length >= issuer.path_length):
        raise GmError("path_length", f"issuer {issuer.subject_name} allows {issuer.path_length} more CA(s) below it")


def _checked_times(not_before: datetime, not_after: datetime, issuer: Certificate | None) -> tuple[datetime, datetime]:
    if not_before.tzinfo is None or not_after.tzinfo is None:
        raise GmError("bad_time", "not_before and not_after must have a time zone")
    begin, end = (moment.astimezone(UTC).replace(microsecond=0) for moment in (not_before, not_after))
    if begin >= end:
        raise GmError("bad_time", "not_before must lie before not_after")
    if issuer and end > issuer.not_after:
        raise GmError("outlives_issuer", f"not_after lies after the end of {issuer.subject_name}; shorten it")
    return begin, end


def _subject_of(issuer: Certificate) -> asn1.Name:
    """The issuer's subject byte for byte: `openssl` finds issuers by it."""
    return asn1.Certificate.load(issuer.der).subject


def _key_id(key: PublicKey) -> bytes:
    return sm3(key.point)[:20]


def _time(moment: datetime) -> asn1.Time:
    return asn1.Time({"utc_time" if moment.year < _FIRST_GENERALIZED_YEAR else "general_time": moment})


def _extensions(
    shape: _Shape,
    *,
    key_id: bytes,
    issuer_key_id: bytes,
    path_length: int | None,
    crl_url: str | None,
    access: dict[str, str | None],
) -> list[dict[str, Any]]:
    found = [
        _extension("basic_constraints", {"ca": shape.ca, "path_len_constraint": path_length}, critical=True),
        _extension("key_usage", set(shape.usage), critical=True),
        _extension("key_identifier", core.OctetString(key_id)),
        _extension("authority_key_identifier", {"key_identifier": issuer_key_id}),
    ]
    if shape.purposes:
        found.append(_extension("extended_key_usage", list(shape.purposes), critical=shape.purposes_critical))
    if shape.unchecked:
        found.append(_extension("ocsp_no_check", core.Null()))
    if crl_url:
        point = {"distribution_point": asn1.DistributionPointName("full_name", [_address(crl_url)])}
        found.append(_extension("crl_distribution_points", [point]))
    ways = [{"access_method": way, "access_location": _address(url)} for way, url in access.items() if url]
    if ways:
        found.append(_extension("authority_information_access", ways))
    return found


def _address(url: str) -> asn1.GeneralName:
    return asn1.GeneralName("uniform_resource_identifier", url)


def _extension(name: str, value: object, *, critical: bool = False) -> dict[str, Any]:
    return {"extn_id": name, "critical": critical, "extn_value": value}
