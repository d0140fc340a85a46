"""The centre's certificate authority."""

from pathlib import Path

import pytest

from support.gm import DISTID, openssl_output
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.keys.models import IssuedCertificate, SoftKey
from yichuan.keys.selectors import crls
from yichuan.keys.services.authority import (
    ISSUING,
    OCSP,
    PRINT_CODES,
    ROOT,
    SEAL_MAKER,
    certificate_of,
    trusted_roots,
)
from yichuan.keys.services.device import device
from yichuan.lib.gm.x509 import Certificate, validate_path
from yichuan.operations.services.open_centre import open_centre
from yichuan.seals.models import Seal


def _leaves() -> list[Certificate]:
    labels = (SEAL_MAKER, PRINT_CODES, OCSP, Seal.objects.get().key_label)
    return [certificate_of(label) for label in labels]


def test_every_certificate_leads_to_the_root_through_the_issuing_ca(world: World) -> None:
    root, issuing = certificate_of(ROOT), certificate_of(ISSUING)
    for leaf in _leaves():
        result = validate_path(leaf, intermediates=[issuing], trust=[root], at=clock.now(), crls=crls())
        assert result.ok, result
        assert result.chain == (leaf, issuing, root)
        assert validate_path(leaf, trust=trusted_roots(), at=clock.now()).ok


def test_every_certificate_says_where_its_revocation_list_stands(world: World) -> None:
    for leaf in _leaves():
        assert leaf.crl_urls == ("http://127.0.0.1:8000/certificates/crl/issuing.crl",)
    assert certificate_of(ISSUING).crl_urls == ("http://127.0.0.1:8000/certificates/crl/root.crl",)


def test_a_certificate_is_for_the_key_in_the_device(world: World) -> None:
    for row in IssuedCertificate.objects.all():
        certificate = Certificate.from_der(bytes(row.der))
        assert certificate.public_key == device().public_key(row.label)
        assert f"{certificate.serial:x}" == row.serial


def test_every_issue_is_in_the_log(world: World) -> None:
    logged = set(Entry.objects.filter(verb="keys.issue_certificate").values_list("detail__serial", flat=True))
    assert logged == set(IssuedCertificate.objects.values_list("serial", flat=True))


def test_openssl_accepts_every_link(world: World, tmp_path: Path) -> None:
    """Link by link: the command takes the SM2 user id for the lowest certificate alone."""
    issuing = certificate_of(ISSUING)
    for below, above in [(issuing, certificate_of(ROOT)), *((leaf, issuing) for leaf in _leaves())]:
        for name, certificate in (("above", above), ("below", below)):
            (tmp_path / name).write_bytes(certificate.to_pem())
        strict = ("-x509_strict", "-partial_chain", "-vfyopt", DISTID)
        openssl_output("verify", *strict, "-trusted", tmp_path / "above", tmp_path / "below")


def test_a_centre_is_opened_once(world: World) -> None:
    root, keys = certificate_of(ROOT).der, SoftKey.objects.count()
    with pytest.raises(Refused) as refusal:
        open_centre("江门市")
    assert refusal.value.code == "opened_already"
    assert certificate_of(ROOT).der == root
    assert SoftKey.objects.count() == keys
