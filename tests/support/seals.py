"""A small PKI for tests: one root, a seal maker, units that seal, their seals; made once per run."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Certificate, Name, Profile, issue
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
    maker: Holder, *signers: Holder, name: str = "江门市人民政府办公室", picture: Picture | None = None
) -> Seal:
    """A v4 seal of 45 mm, valid for a year around NOW."""
    draft = SealDraft(
        seal_id="JM0000000001",
        name=name,
        kind=1,
        picture=picture or Picture("png", PNG, 45, 45),
        signer_certificates=tuple(each.certificate for each in signers),
        created=NOW - YEAR / 2,
        valid_from=NOW - YEAR / 2,
        valid_to=NOW + YEAR / 2,
    )
    unsigned = draft.prepare(maker.certificate)
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
