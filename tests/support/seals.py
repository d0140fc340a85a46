"""A small PKI for tests: one root, a seal maker, units that seal, their seals; made once per run."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from support.seal_structures import SignatureValue, ToSign
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate, Name, Profile, issue
from yichuan.lib.ofd.package import Package, write_package
from yichuan.lib.ofd.sealing import Stamp, prepare_sealing
from yichuan.lib.ses import asn1, oids
from yichuan.lib.ses.make import SealDraft
from yichuan.lib.ses.model import Picture, Seal

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True)
class Holder:
    """A key with its certificate."""

    key: PrivateKey
    certificate: Certificate


@dataclass(frozen=True)
class Pki:
    """`root` is the trust anchor; `maker` makes seals; `unit` (市府办公室) may use `seal`, `stranger` may not."""

    root: Holder
    maker: Holder
    unit: Holder
    stranger: Holder
    seal: Seal

    @property
    def trust(self) -> list[Certificate]:
        return [self.root.certificate]


def make_root(name: str = "江门市电子公文交换中心根证书") -> Holder:
    """A self-signed root."""
    return _issued(Profile.ROOT, name, None)


def make_holder(profile: Profile, name: str, root: Holder, start: datetime = NOW - YEAR) -> Holder:
    """A certificate of two years under `root`."""
    return _issued(profile, name, root, start, start + 2 * YEAR)


def make_seal(
    maker: Holder,
    *signers: Holder,
    name: str = "江门市人民政府办公室",
    picture: Picture | None = None,
    version: int = 4,
) -> Seal:
    """A seal of 45 mm, valid for a year around NOW; `picture` may be what no honest maker takes."""
    draft = SealDraft(
        seal_id="JM0000000001",
        name=name,
        kind=1,
        picture=Picture("png", PNG, 45, 45),
        signer_certificates=tuple(each.certificate for each in signers),
        created=NOW - YEAR / 2,
        valid_from=NOW - YEAR / 2,
        valid_to=NOW + YEAR / 2,
        version=version,
    )
    unsigned = draft.prepare(maker.certificate)
    if picture is not None:
        info = asn1.SealInfo.load(unsigned.message)
        size = {"width": picture.width_mm, "height": picture.height_mm}
        info["picture"] = {"kind": picture.kind, "data": picture.data} | size
        unsigned = replace(unsigned, message=info.dump())
    return unsigned.attach(maker.key.sign(unsigned.message))


@cache
def pki() -> Pki:
    """The shared PKI."""
    root = make_root()
    maker = make_holder(Profile.SEAL_MAKER, "江门市电子印章制作中心", root)
    unit = make_holder(Profile.SIGNER, "江门市人民政府办公室", root)
    stranger = make_holder(Profile.SIGNER, "江门市环境保护局", root)
    return Pki(root, maker, unit, stranger, make_seal(maker, unit))


def _issued(
    profile: Profile,
    name: str,
    root: Holder | None,
    start: datetime = NOW - 2 * YEAR,
    end: datetime = NOW + 5 * YEAR,
) -> Holder:
    key = PrivateKey.generate()
    certificate = issue(
        profile,
        subject=Name(common_name=name, organization="江门市"),
        public_key=key.public,
        issuer=root.certificate if root else None,
        sign=(root.key if root else key).sign,
        not_before=start,
        not_after=end,
    )
    return Holder(key, certificate)


_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def small_ofd(pages: int = 5, marker: str = "江府办〔2008〕44号") -> bytes:
    """A plain OFD of A4 pages with one line of text each, page IDs 101, 102, …; unsigned."""
    entries = {
        "OFD.xml": f'<ofd:OFD {_OFD} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>'
        f"{'0' * 32}</ofd:DocID><ofd:Title>{marker}</ofd:Title></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_OFD}><ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        "</ofd:CommonData><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{101 + i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(pages))
        + "</ofd:Pages></ofd:Document>",
        "Doc_0/PublicRes.xml": f'<ofd:Res {_OFD} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="2" FontName="宋体">'
        "<ofd:FontFile>font.otf</ofd:FontFile></ofd:Font></ofd:Fonts></ofd:Res>",
        "Doc_0/Res/font.otf": "not a font, but a file that is drawn with",
    }
    for i in range(pages):
        entries[f"Doc_0/Pages/Page_{i}/Content.xml"] = (
            f'<ofd:Page {_OFD}><ofd:Content><ofd:Layer ID="{200 + i}"><ofd:TextObject ID="{300 + i}" '
            f'Boundary="28 37 156 8" Font="2" Size="5.6"><ofd:TextCode X="0" Y="5">{marker} 第{i + 1}页'
            "</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>"
        )
    return write_package({name: text.encode() for name, text in entries.items()})


def sealed_ofd(
    data: bytes | None = None,
    *,
    seal: Seal | None = None,
    signer: Holder | None = None,
    stamps: list[Stamp] | None = None,
    at: datetime = NOW,
) -> bytes:
    """`data` (or a small OFD) sealed by the unit (or `signer`) with its seal on page 1 (or at `stamps`)."""
    chosen, holder = seal or pki().seal, signer or pki().unit
    prepared = prepare_sealing(data or small_ofd(), chosen, stamps or [Stamp(0, 140, 220)])
    to_sign = prepared.for_signer(holder.certificate, at)
    return to_sign.attach(holder.key.sign(to_sign.message)).data


def changed(data: bytes, updates: dict[str, bytes | None]) -> bytes:
    """The package with entries replaced, added, or (None) left out."""
    package = Package.open(data)
    entries = {name: package.read(name) for name in package.names()} | updates
    return write_package({name: content for name, content in entries.items() if content is not None})


def forged_value(xml: bytes, *, seal: Seal, signer: Holder, at: datetime = NOW) -> bytes:
    """SES_Signature over `xml` (Signature.xml) with sound maths, made without asking whether it may be."""
    to_sign = ToSign(
        {
            "version": 4,
            "seal": asn1.SealValue.load(seal.der),
            "time": at,
            "data_hash": sm3(xml),
            "property_info": "/Doc_0/Signs/Sign_0/Signature.xml",
        }
    )
    signature = signer.key.sign(to_sign.dump())
    certificate = signer.certificate.der
    algorithm = oids.SM2_WITH_SM3
    parts = {"to_sign": to_sign, "certificate": certificate, "algorithm": algorithm, "signature": signature}
    der: bytes = SignatureValue(parts).dump()
    return der
