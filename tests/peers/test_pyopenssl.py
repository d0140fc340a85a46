"""Our certificates judged by pyOpenSSL, whose libcrypto is not the one that made them."""

from __future__ import annotations

import warnings
from datetime import timedelta

import pytest

from support.gm import NOW, Holder, make
from yichuan.lib.gm.x509 import Certificate, Profile

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from OpenSSL import crypto


def judged(leaf: bytes, intermediates: list[Holder], root: Holder) -> str:
    """ "" when OpenSSL finds a path to the root, else what it says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        store = crypto.X509Store()
        store.add_cert(_loaded(root.certificate.der))
        store.set_time(NOW + timedelta(days=1))
        chain = [_loaded(each.certificate.der) for each in intermediates]
        try:
            crypto.X509StoreContext(store, _loaded(leaf), chain).verify_certificate()
        except crypto.X509StoreContextError as error:
            return str(error)
        return ""


def _loaded(der: bytes) -> crypto.X509:
    return crypto.load_certificate(crypto.FILETYPE_ASN1, der)


@pytest.fixture(scope="module")
def chain() -> tuple[Holder, Holder, Holder]:
    root = make(Profile.ROOT, "根")
    middle = make(Profile.INTERMEDIATE, "市级", root)
    return root, middle, make(Profile.SIGNER, "江门市人民政府办公室", middle)


def test_openssl_follows_our_path_over_an_intermediate(chain: tuple[Holder, Holder, Holder]) -> None:
    root, middle, leaf = chain
    assert judged(leaf.certificate.der, [middle], root) == ""


def test_openssl_refuses_a_path_without_its_intermediate(chain: tuple[Holder, Holder, Holder]) -> None:
    root, _, leaf = chain
    assert "unable to get local issuer certificate" in judged(leaf.certificate.der, [], root)


def test_openssl_refuses_a_certificate_changed_in_one_byte(chain: tuple[Holder, Holder, Holder]) -> None:
    root, middle, leaf = chain
    changed = leaf.certificate.der.replace("江门市人民政府办公室".encode(), "江门市人民政府公办室".encode())
    assert changed != leaf.certificate.der
    assert "signature failure" in judged(changed, [middle], root)


@pytest.mark.parametrize("profile", [Profile.SIGNER, Profile.SEAL_MAKER, Profile.ENCRYPTION])
def test_openssl_reads_what_we_wrote(profile: Profile, chain: tuple[Holder, Holder, Holder]) -> None:
    made: Certificate = make(profile, "市环保局", chain[0], serial=2**70 + 5).certificate
    read = _loaded(made.der).to_cryptography()
    assert read.serial_number == 2**70 + 5
    assert read.subject.rfc4514_string().startswith("CN=市环保局")
    assert (read.not_valid_before_utc, read.not_valid_after_utc) == (made.not_before, made.not_after)
