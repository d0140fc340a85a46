"""A small SM2 PKI for tests, and the `openssl` command as a witness."""

from __future__ import annotations

import functools
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1

from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Certificate, Name, Profile, issue

DAY = timedelta(days=1)
YEAR = 365 * DAY
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + 100 * DAY
DISTID = "distid:1234567812345678"


@dataclass(frozen=True)
class Holder:
    """A certificate with its private key."""

    key: PrivateKey
    certificate: Certificate


def make(
    profile: Profile,
    name: str,
    issuer: Holder | None = None,
    *,
    key: PrivateKey | None = None,
    not_before: datetime = START,
    not_after: datetime = START + 2 * YEAR,
    crl_url: str | None = None,
    path_length: int | None = None,
    serial: int | None = None,
) -> Holder:
    """Issues to `name`; an issuer of None makes a root."""
    key = key or PrivateKey.generate()
    certificate = issue(
        profile,
        subject=Name(common_name=name, organization="江门市人民政府"),
        public_key=key.public,
        issuer=issuer.certificate if issuer else None,
        sign=(issuer.key if issuer else key).sign,
        not_before=not_before,
        not_after=not_after,
        crl_url=crl_url,
        path_length=path_length,
        serial=serial,
    )
    return Holder(key, certificate)


def signed_anew(
    holder: Holder, issuer: Holder, extensions: Sequence[asn1.Extension | dict[str, object]]
) -> Certificate:
    """The holder's certificate with other extensions, properly signed: what `issue` would refuse to make."""
    certificate = asn1.Certificate.load(holder.certificate.der)
    tbs = certificate["tbs_certificate"].copy()
    tbs["extensions"] = list(extensions)
    certificate["tbs_certificate"] = tbs
    certificate["signature_value"] = issuer.key.sign(tbs.dump())
    return Certificate.from_der(certificate.dump())


@dataclass(frozen=True)
class Pki:
    """根 → 二级 → 市环保局 (signer), 制章者 (seal maker), 收件箱 (encryption)."""

    root: Holder
    intermediate: Holder
    signer: Holder
    seal_maker: Holder
    encryption: Holder


@functools.cache
def pki() -> Pki:
    """Made once a run; everything in it is immutable."""
    root = make(Profile.ROOT, "驿传根", not_after=START + 30 * YEAR)
    intermediate = make(Profile.INTERMEDIATE, "驿传二级", root, not_after=START + 10 * YEAR)
    crl_url = "http://ca.example/yichuan.crl"
    return Pki(
        root,
        intermediate,
        make(Profile.SIGNER, "市环保局", intermediate, crl_url=crl_url),
        make(Profile.SEAL_MAKER, "制章者", intermediate, crl_url=crl_url),
        make(Profile.ENCRYPTION, "收件箱", intermediate, crl_url=crl_url),
    )


def scalar(key: PrivateKey) -> bytes:
    """The 32 bytes of the private number, out of PKCS#8 as libcrypto writes it."""
    return key.to_der()[36:68]


def openssl(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Runs the command; the test is skipped where it is not installed."""
    command = shutil.which("openssl")
    if command is None:
        pytest.skip("the openssl command is not installed")
    return subprocess.run([command, *map(str, arguments)], input=stdin, capture_output=True, check=False)


def openssl_output(*arguments: str | Path, stdin: bytes = b"") -> bytes:
    """The command's standard output; the test fails with its complaint where it fails."""
    done = openssl(*arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
