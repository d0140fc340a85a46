"""Making a seal (GB/T 38540-2020, 6.2; GM/T 0031-2025): draft → prepared for its maker → signed.

The maker's signature may come from a device elsewhere; the types leave no other order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from yichuan.lib.gm.x509 import Certificate

from . import asn1, oids
from .errors import SesError
from .seal import PICTURE_MAGIC, Picture, Seal, parse_seal
from .values import checked_signature

_VERSIONS = (4, 5)
_PICTURE_KINDS = (*(kind for _, kind in PICTURE_MAGIC), "svg")
_SVG_STARTS_WITHIN = 1000


@dataclass(frozen=True, slots=True)
class SealDraft:
    """What a seal shall say.

    `seal_id` and `vendor_id` are ASCII; `kind` is the application's number (1 organisation, 2 person);
    `signer_certificates` are those that may use the seal, listed whole or, with `list_digests`, by their SM3 digests
    (a shorter seal, and nobody reads from it whose it is). `picture` is what its kind says: "ofd" (a package, drawn at
    any size), "svg", "png", "gif", "bmp" or "jpg"; the last two know no transparency. The times are aware and written
    to the second. `version` is 4 (GB/T 38540-2020) or 5 (GM/T 0031-2025), which may bear a time stamp
    (`ses.stamping.seal_with_time_stamp`) and which few readers know.
    """

    seal_id: str
    name: str
    kind: int
    picture: Picture
    signer_certificates: tuple[Certificate, ...]
    created: datetime
    valid_from: datetime
    valid_to: datetime
    vendor_id: str = "YICHUAN"
    list_digests: bool = False
    version: int = 4

    def prepare(self, maker_certificate: Certificate) -> UnsignedSeal:
        """The bytes that the seal maker signs.

        Raises SesError: `seal_version`, `seal_id`, `vendor_id`, `name`, `picture`, `certificates`, `time`, `period`.
        """
        self._check()
        info = asn1.SealInfo(
            {
                "header": {"id": "ES", "version": self.version, "vendor_id": self.vendor_id},
                "seal_id": self.seal_id,
                "properties": {
                    "kind": self.kind,
                    "name": self.name,
                    "certificate_list_type": asn1.CERTIFICATE_DIGESTS if self.list_digests else asn1.CERTIFICATES,
                    "certificates": self._listed(),
                    "created": whole_seconds(self.created),
                    "valid_from": whole_seconds(self.valid_from),
                    "valid_to": whole_seconds(self.valid_to),
                },
                "picture": {
                    "kind": self.picture.kind,
                    "data": self.picture.data,
                    "width": self.picture.width_mm,
                    "height": self.picture.height_mm,
                },
            }
        )
        return UnsignedSeal(info.dump(), maker_certificate)

    def _listed(self) -> asn1.CertificateList | asn1.CertificateDigestList:
        if not self.list_digests:
            return asn1.CertificateList([each.der for each in self.signer_certificates])
        digests = [{"kind": "SM3", "value": each.fingerprint} for each in self.signer_certificates]
        return asn1.CertificateDigestList(digests)

    def _check(self) -> None:
        if self.version not in _VERSIONS:
            raise SesError(
                "seal_version", f"seal version {self.version} is none of {_VERSIONS}; 4 is what readers know"
            )
        for field, value in (("seal_id", self.seal_id), ("vendor_id", self.vendor_id)):
            if not value or not value.isascii() or not value.isprintable():
                raise SesError(field, f"{field}: {value!r} must be printable ASCII and not empty")
        if not self.name.strip():
            raise SesError("name", "name: the seal needs the name that stands in its imprint")
        self._check_picture()
        if not self.signer_certificates:
            raise SesError("certificates", "signer_certificates: name at least one certificate that may use the seal")
        if whole_seconds(self.valid_from) >= whole_seconds(self.valid_to):
            raise SesError("period", "period: valid_to must be later than valid_from")

    def _check_picture(self) -> None:
        picture = self.picture
        if picture.kind not in _PICTURE_KINDS:
            raise SesError("picture", f"picture: kind {picture.kind!r} is none of {', '.join(_PICTURE_KINDS)}")
        if not picture.data or picture.width_mm <= 0 or picture.height_mm <= 0:
            raise SesError("picture", "picture: it needs data and a size in whole millimetres above 0")
        found = next((kind for magic, kind in PICTURE_MAGIC if picture.data.startswith(magic)), None)
        if found is None and b"<svg" in picture.data[:_SVG_STARTS_WITHIN]:
            found = "svg"
        if found != picture.kind:
            raise SesError("picture", f"picture: called {picture.kind!r}, but its data is {found or 'none of them'}")


@dataclass(frozen=True, slots=True)
class UnsignedSeal:
    """A seal that waits for its maker: sign `message` with SM2 (SM3, default user id)."""

    message: bytes
    maker_certificate: Certificate

    def attach(self, signature: bytes) -> Seal:
        """The finished seal. `signature` is DER or 64 bytes r‖s; SesError `signature` when it is not the maker's."""
        value = checked_signature(self.maker_certificate, signature, self.message, "the seal maker")
        sealed = asn1.SealValue(
            {
                "info": asn1.SealInfo.load(self.message),
                "certificate": self.maker_certificate.der,
                "algorithm": oids.SM2_WITH_SM3,
                "signature": value,
            }
        )
        return parse_seal(sealed.dump())


def whole_seconds(moment: datetime) -> datetime:
    """UTC without fractions, as the structures hold it. Raises SesError `time` for a naive time."""
    if moment.tzinfo is None:
        raise SesError("time", f"time {moment.isoformat()} names no zone; pass an aware datetime")
    return moment.astimezone(UTC).replace(microsecond=0)
