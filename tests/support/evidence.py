"""Evidence packages of the tests' small PKI."""

from datetime import timedelta
from functools import cache

from support.other_seals import stamping_authority, time_stamp
from support.seals import NOW, Holder, make_holder, pki, sealed_ofd
from yichuan.lib.evidence import Evidence, pack_evidence, verify_evidence
from yichuan.lib.gm.crl import make_crl
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Name, Profile, issue
from yichuan.lib.ofd.package import Package, write_package
from yichuan.lib.ses.status_list import make_status_list

AT = NOW + timedelta(days=1)
CENTRE = "江门市"
AUTHORITY = stamping_authority(pki().root)


@cache
def packer() -> Holder:
    """The centre's key for packages."""
    return make_holder(Profile.SIGNER, "江门市证据包签名", pki().root)


@cache
def unit() -> Holder:
    """A unit with a key for signatures, whose certificate names it as its own organization."""
    key, root = PrivateKey.generate(), pki().root
    name = Name(common_name="江门市证据包签名", organization="江门市环境保护局")
    certificate = issue(
        Profile.SIGNER,
        subject=name,
        public_key=key.public,
        issuer=root.certificate,
        sign=root.key.sign,
        not_before=NOW,
        not_after=AT + timedelta(days=365),
    )
    return Holder(key, certificate)


@cache
def lists() -> tuple[bytes, bytes]:
    """The root's revocation list and the maker's status list of the day, both empty and good for a week."""
    root, maker, week = pki().root, pki().maker, AT + timedelta(days=7)
    crl = make_crl(root.certificate, root.key.sign, revoked=[], number=1, this_update=AT, next_update=week)
    status = make_status_list(maker.certificate, maker.key.sign, entries=[], number=1, this_update=AT, next_update=week)
    return crl.der, status.der


def parts() -> list[tuple[str, str, bytes]]:
    """What a package of a document sealed by the unit holds."""
    crl, status = lists()
    return [
        ("document.ofd", "document", sealed_ofd()),
        ("certificates/1.cer", "certificate", pki().root.certificate.der),
        ("revocations/1.crl", "revocations", crl),
        ("status/1.der", "status", status),
    ]


def packed(chosen: list[tuple[str, str, bytes]] | None = None, *, signer: Holder | None = None) -> bytes:
    """A package of these parts, of `parts()` if none are given."""
    signer = signer or packer()
    return pack_evidence(
        parts() if chosen is None else chosen,
        centre=CENTRE,
        number="江府办〔2008〕44号",
        title="印发办法的通知",
        at=AT,
        signer=signer.certificate,
        sign=signer.key.sign,
        stamp=lambda value: time_stamp(AUTHORITY, value, AT),
    )


def repacked(data: bytes, *, drop: str = "", put: dict[str, bytes] | None = None) -> bytes:
    """The package without one entry, or with others in the place of its own or beside them."""
    package = Package.open(data)
    kept = {name: package.read(name) for name in package.names() if name != drop}
    return write_package(kept | (put or {}))


def verified(data: bytes) -> Evidence:
    """Verified a day later, with the root alone."""
    return verify_evidence(data, trust=pki().trust, at=AT + timedelta(days=1))
