"""Reading X.509 certificates (RFC 5280; SM2 as in GM/T 0015). The public names are in `x509`."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from asn1crypto import algos, core, parser, pem
from asn1crypto import x509 as asn1

from yichuan.lib.gm._known import signed_with
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import sm3

SM2_WITH_SM3 = "1.2.156.10197.1.501"
_ID_EC_PUBLIC_KEY = "1.2.840.10045.2.1"

# The extensions whose content counts here. Others are not decoded: foreign certificates hold malformed ones.
_READ = frozenset(
    {
        "authority_key_identifier",
        "basic_constraints",
        "crl_distribution_points",
        "extended_key_usage",
        "key_identifier",
        "key_usage",
    }
)
# Critical extensions that path validation acts on, or that forbid nothing it does.
_UNDERSTOOD = _READ | {"certificate_policies", "subject_alt_name"}


@dataclass(frozen=True, kw_only=True)
class Name:
    """A distinguished name as offices use it: a unit or a person under an organization. Empty parts are left out."""

    common_name: str = ""
    organizational_unit: str = ""
    organization: str = ""
    locality: str = ""
    province: str = ""
    country: str = "CN"

    def __str__(self) -> str:
        return self.common_name or self.organization or self.organizational_unit or "(no name)"

    def to_asn1(self) -> asn1.Name:
        """The RDN sequence, country first; text as UTF8String. GmError `bad_name`: nothing in it, or too long."""
        parts = {
            "country_name": self.country,
            "state_or_province_name": self.province,
            "locality_name": self.locality,
            "organization_name": self.organization,
            "organizational_unit_name": self.organizational_unit,
            "common_name": self.common_name,
        }
        if not self.common_name and not self.organization:
            raise GmError("bad_name", "a name needs common_name or organization")
        for kind, text in parts.items():
            if len(text) > 64:
                raise GmError("bad_name", f"{kind} has {len(text)} characters; RFC 5280 allows 64")
        return asn1.Name.build({kind: text for kind, text in parts.items() if text})

    @classmethod
    def from_asn1(cls, name: asn1.Name) -> Self:
        """The known parts of an RDN sequence; of a part that is there twice, the last."""
        found: dict[str, str] = {part["type"].native: str(part["value"].native) for rdn in name.chosen for part in rdn}
        return cls(
            common_name=found.get("common_name", ""),
            organizational_unit=found.get("organizational_unit_name", ""),
            organization=found.get("organization_name", ""),
            locality=found.get("locality_name", ""),
            province=found.get("state_or_province_name", ""),
            country=found.get("country_name", ""),
        )


@dataclass(frozen=True)
class Certificate:
    """One certificate, read once. Equal and hashable by its DER; `from_der` keeps the bytes as they came."""

    der: bytes = field(repr=False)
    tbs: bytes = field(compare=False, repr=False)
    """The signed part, the original bytes."""
    signature: bytes = field(compare=False, repr=False)
    signature_oid: str = field(compare=False, repr=False)
    spki: bytes = field(compare=False, repr=False)
    serial: int = field(compare=False)
    subject: Name = field(compare=False)
    issuer: Name = field(compare=False)
    subject_key: str = field(compare=False, repr=False)
    """The whole subject in RFC 5280's normal form, to be compared with an `issuer_key`."""
    issuer_key: str = field(compare=False, repr=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    is_ca: bool = field(compare=False)
    path_length: int | None = field(compare=False)
    """How many CA certificates may stand between this CA and an end certificate; None is any number."""
    key_usage: frozenset[str] | None = field(compare=False)
    """Names as `digital_signature`, `non_repudiation`, `key_cert_sign`; None where the certificate does not say."""
    extended_key_usage: frozenset[str] | None = field(compare=False)
    """Dotted OIDs; None where the certificate does not say."""
    subject_key_id: bytes | None = field(compare=False, repr=False)
    authority_key_id: bytes | None = field(compare=False, repr=False)
    crl_urls: tuple[str, ...] = field(compare=False)
    crl_points: frozenset[bytes] = field(compare=False, repr=False)
    """Where its revocation list stands, by any kind of name (GeneralName in DER)."""
    unknown_critical: frozenset[str] = field(compare=False)
    """Critical extensions (dotted OIDs) that this package does not act on; a path through them is refused."""

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """GmError `bad_certificate`: not a certificate, bytes after its end, or a part of it malformed."""
        try:
            return cls(**_read(der))
        # asn1crypto reads lazily and lets many kinds of errors out on hostile bytes
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
            raise GmError("bad_certificate", f"not a readable X.509 certificate: {error}") from error

    @classmethod
    def from_pem(cls, text: bytes) -> Self:
        """The first certificate of a PEM file. GmError: `no_certificate`, `bad_certificate`."""
        return cls.from_der(_pem_blocks(text)[0])

    @cached_property
    def public_key(self) -> PublicKey:
        """GmError: `unsupported_key` (RSA, another curve), `bad_public_key` (not a point of the SM2 curve)."""
        info = asn1.PublicKeyInfo.load(self.spki)["algorithm"]
        if info["algorithm"].dotted != _ID_EC_PUBLIC_KEY:
            kind = str(info["algorithm"].native).upper()
            raise GmError("unsupported_key", f"{self.subject_name}: the certificate's key is not SM2 but {kind}")
        try:
            return PublicKey.from_der(self.spki)
        except GmError as error:
            if error.code != "not_sm2":
                raise
            curve = info["parameters"].native
            raise GmError(
                "unsupported_key", f"{self.subject_name}: the certificate's key is not SM2 but on the curve {curve}"
            ) from error

    @property
    def subject_name(self) -> str:
        """The common name, or the organization where there is none."""
        return str(self.subject)

    @property
    def issuer_name(self) -> str:
        """The issuer's common name, or the organization where there is none."""
        return str(self.issuer)

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer have the same name (a root, or a CA's change of keys)."""
        return self.subject_key == self.issuer_key

    @property
    def self_signed(self) -> bool:
        """Whether the certificate names itself, by name and key identifier, as its own issuer."""
        return self.self_issued and self.authority_key_id in (None, self.subject_key_id)

    @property
    def fingerprint(self) -> bytes:
        """SM3 over the DER, 32 bytes."""
        return sm3(self.der)

    def signed_by(self, issuer: "Certificate") -> bool:
        """Whether `issuer`'s key made the signature (SM2 with SM3, default user id); names and times are not looked at.

        GmError: `unsupported_algorithm` (another signature algorithm), `unsupported_key`, `bad_public_key`.
        """
        if self.signature_oid != SM2_WITH_SM3:
            raise GmError(
                "unsupported_algorithm",
                f"{self.subject_name}: signed with {_algorithm_name(self.signature_oid)}; only SM2 with SM3 is checked",
            )
        return signed_with(issuer.public_key, self.signature, self.tbs)

    def to_pem(self) -> bytes:
        """The certificate as one PEM block."""
        text: bytes = pem.armor("CERTIFICATE", self.der)
        return text


def load_certificates(data: bytes) -> list[Certificate]:
    """Every certificate in `data`: PEM blocks (other text and blocks are passed over) or one DER certificate.

    GmError: `no_certificate`, `bad_certificate`.
    """
    if b"-----BEGIN " in data:
        return [Certificate.from_der(der) for der in _pem_blocks(data)]
    return [Certificate.from_der(data)]


def _pem_blocks(text: bytes) -> list[bytes]:
    try:
        blocks = [der for kind, _, der in pem.unarmor(text, multiple=True) if kind == "CERTIFICATE"]
    except ValueError as error:
        raise GmError("bad_certificate", f"the PEM text is damaged: {error}") from error
    if not blocks:
        raise GmError("no_certificate", "the data holds no PEM block of a certificate")
    return blocks


def whole_octets(bits: core.OctetBitString) -> bytes:
    """A signature's bytes. Unused bits (X.690, 8.6.2) would give the same signature a second form: ValueError."""
    octets: bytes = bits.native
    if bits.unused_bits:
        raise ValueError("the signature is not a whole number of bytes")
    return octets


def _read(der: bytes) -> dict[str, Any]:
    certificate = asn1.Certificate.load(der, strict=True)
    tbs = certificate["tbs_certificate"]
    oid = certificate["signature_algorithm"]["algorithm"].dotted
    if tbs["signature"]["algorithm"].dotted != oid:
        raise ValueError("the signature algorithms inside and outside differ")
    extensions = _extensions(tbs["extensions"])
    basic = extensions.get("basic_constraints")
    usage = extensions.get("key_usage")
    extended = extensions.get("extended_key_usage")
    key_id = extensions.get("key_identifier")
    authority = extensions.get("authority_key_identifier")
    points = [point["distribution_point"] for point in extensions.get("crl_distribution_points") or ()]
    is_ca = basic is not None and bool(basic["ca"].native)
    return {
        "der": der,
        "tbs": signed_part(der),
        "signature": whole_octets(certificate["signature_value"]),
        "signature_oid": oid,
        "spki": tbs["subject_public_key_info"].dump(),
        "serial": tbs["serial_number"].native,
        "subject": Name.from_asn1(tbs["subject"]),
        "issuer": Name.from_asn1(tbs["issuer"]),
        "subject_key": normal_form(tbs["subject"]),
        "issuer_key": normal_form(tbs["issuer"]),
        "not_before": aware(tbs["validity"]["not_before"]),
        "not_after": aware(tbs["validity"]["not_after"]),
        "is_ca": is_ca,
        "path_length": basic["path_len_constraint"].native if basic is not None and is_ca else None,
        "key_usage": None if usage is None else frozenset(usage.native),
        "extended_key_usage": None if extended is None else frozenset(purpose.dotted for purpose in extended),
        "subject_key_id": None if key_id is None else key_id.native,
        "authority_key_id": None if authority is None else authority["key_identifier"].native,
        "crl_urls": tuple(name.native for name in point_names(*points) if name.name == "uniform_resource_identifier"),
        "crl_points": frozenset(name.dump() for name in point_names(*points)),
        "unknown_critical": frozenset(
            extension["extn_id"].dotted
            for extension in tbs["extensions"]
            if extension["critical"].native and extension["extn_id"].native not in _UNDERSTOOD
        ),
    }


def _algorithm_name(oid: str) -> str:
    name = algos.SignedDigestAlgorithmId.map(oid)
    return oid if name == oid else f"{name} ({oid})"


def normal_form(name: asn1.Name) -> str:
    """A name so that equal names are equal strings (RFC 5280, 7.1)."""
    try:
        form: str = name.hashable
    except ValueError:
        # stringprep knows Unicode 3.2 only and refuses the rarer characters of Chinese names
        form = name.dump().hex()
    return form


def aware(time: asn1.Time) -> datetime:
    """The moment, in UTC; ValueError when it has no time zone."""
    moment = time.native
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError("a time without a time zone, or out of range")
    return moment


def _extensions(extensions: asn1.Extensions) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for extension in extensions:
        name = extension["extn_id"].native
        if name in found:
            raise ValueError(f"the extension {name} is there twice")
        found[name] = extension["extn_value"].parsed if name in _READ else None
    return found


def point_names(*points: asn1.DistributionPointName) -> list[asn1.GeneralName]:
    """The full names of distribution points (RFC 5280, 4.2.1.13); names relative to an issuer are passed over."""
    return [name for point in points if point.native and point.name == "full_name" for name in point.chosen]


def signed_part(der: bytes) -> bytes:
    """The first part of a signed structure as it stands in `der`, never encoded anew."""
    _, _, _, _, contents, _ = parser.parse(der)
    _, _, _, header, body, trailer = parser.parse(contents)
    return bytes(header + body + trailer)
