"""Help for tests of sealing: several units, a time stamp authority, and what must survive."""

from __future__ import annotations

from functools import cache
from itertools import count

from support.seals import NOW, Holder, make_holder, make_seal, pki
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import PreparedSealing, PreparedSigning, SignedOfd
from yichuan.lib.ses.seal import Seal
from yichuan.lib.ses.time_stamp_request import ask_time_stamp
from yichuan.lib.ses.tsa import TimeStampAuthority

POLICY = "1.2.156.10197.99.1"


@cache
def units() -> tuple[tuple[Holder, Seal], ...]:
    """Three units of the city, each with its seal."""
    names = ("江门市人民政府办公室", "江门市环境保护局", "江门市财政局")
    holders = [make_holder(Profile.SIGNER, name, pki().root) for name in names]
    return tuple((each, make_seal(pki().maker, each, name=name)) for each, name in zip(holders, names, strict=True))


@cache
def authority() -> TimeStampAuthority:
    """江门市时间戳服务, numbering its stamps from 1."""
    holder = make_holder(Profile.TIME_STAMP, "江门市时间戳服务", pki().root)
    numbers = count(1)
    return TimeStampAuthority(holder.certificate, holder.key.sign, lambda: next(numbers), POLICY)


def signed(prepared: PreparedSealing | PreparedSigning, holder: Holder) -> SignedOfd:
    """Signed by `holder` at NOW."""
    waiting = prepared.for_signer(holder.certificate, NOW)
    return waiting.attach(holder.key.sign(waiting.message))


def token_for(document: SignedOfd) -> bytes:
    """A time stamp of the authority over the document's new signature."""
    request = ask_time_stamp(document.signature, policy=POLICY)
    return request.accept(authority().respond(request.der, NOW), trust=pki().trust, at=NOW)


def signature_entries(data: bytes) -> dict[str, bytes]:
    """Every file of every signature, the list of them left out."""
    package = Package.open(data)
    return {name: package.read(name) for name in package.names() if "/Sign_" in name}
