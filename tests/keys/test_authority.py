"""The centre's certificate authority."""

import shutil
import subprocess
from pathlib import Path

import pytest

from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.keys.models import IssuedCertificate, SoftKey
from yichuan.keys.services.authority import PRINT_CODES, ROOT, SEAL_MAKER, certificate_of, trusted_roots
from yichuan.keys.services.device import device
from yichuan.lib.gm.x509 import Certificate, validate_path
from yichuan.operations.services.open_centre import open_centre
from yichuan.seals.models import Seal


def _leaves() -> list[Certificate]:
    return [certificate_of(SEAL_MAKER), certificate_of(PRINT_CODES), certificate_of(Seal.objects.get().key_label)]


def test_every_certificate_leads_to_the_root(world: World) -> None:
    for leaf in _leaves():
        result = validate_path(leaf, intermediates=[], trust=trusted_roots(), at=clock.now(), usage=None)
        assert result.ok, result
        assert leaf.issuer_name == certificate_of(ROOT).subject_name


def test_a_certificate_is_for_the_key_in_the_device(world: World) -> None:
    for row in IssuedCertificate.objects.all():
        certificate = Certificate.from_der(bytes(row.der))
        assert certificate.public_key == device().public_key(row.label)
        assert f"{certificate.serial:x}" == row.serial


def test_every_issue_is_in_the_log(world: World) -> None:
    logged = set(Entry.objects.filter(verb="keys.issue_certificate").values_list("detail__serial", flat=True))
    assert logged == set(IssuedCertificate.objects.values_list("serial", flat=True))


def test_openssl_accepts_them(world: World, tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl: install Debian's package `openssl`")
    root = tmp_path / "root.pem"
    root.write_bytes(certificate_of(ROOT).to_pem())
    for number, leaf in enumerate(_leaves()):
        file = tmp_path / f"{number}.pem"
        file.write_bytes(leaf.to_pem())
        command = [
            openssl,
            "verify",
            "-x509_strict",
            "-vfyopt",
            "distid:1234567812345678",
            "-CAfile",
            str(root),
            str(file),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_a_centre_is_opened_once(world: World) -> None:
    root, keys = certificate_of(ROOT).der, SoftKey.objects.count()
    with pytest.raises(Refused) as refusal:
        open_centre("江门市")
    assert refusal.value.code == "opened_already"
    assert certificate_of(ROOT).der == root
    assert SoftKey.objects.count() == keys
