"""A seal on a PDF: a P-256 key in the device, a certificate of the centre, and another reader that accepts it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from support.key_drivers.pkcs11 import PIN, TOKEN, Pkcs11Driver, one_token
from support.pdf import small_pdf
from support.world import World
from yichuan.common import clock
from yichuan.common.errors import Refused, Unavailable
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.selectors import crls, published
from yichuan.keys.services import device as device_service
from yichuan.keys.services.authority import trusted_roots
from yichuan.keys.services.p256 import certify_pdf_seal, p256_authority
from yichuan.keys.services.publish import P256_ISSUING, publish_wanted
from yichuan.keys.services.revoke import revoke
from yichuan.keys.states import Why
from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.pdf.verifying import verify
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.places import Place
from yichuan.seals.services.move import certificates
from yichuan.seals.services.seal_pdf import apply_pdf, make_pdf_key, pdf_label
from yichuan.seals.services.use import begin_use, finish_use

PLACES = [Place(0, 140, 220)]


@pytest.fixture(scope="module")
def token() -> Pkcs11Driver:
    return one_token()


@pytest.fixture(params=["soft", "pkcs11"])
def keyed(request: pytest.FixtureRequest, world: World, settings: object, tmp_path: Path) -> Iterator[World]:
    """The small centre, whose P-256 keys rest in the soft device, or in a token."""
    if request.param == "pkcs11":
        driver: Pkcs11Driver = request.getfixturevalue("token")
        pin = tmp_path / "pin"
        pin.write_text(PIN + "\n")
        pin.chmod(0o600)
        request.getfixturevalue("monkeypatch").setenv("YICHUAN_P256_KEYS_PIN_FILE", str(pin))
        settings.YICHUAN_P256_KEYS_URL = f"pkcs11://{driver.library}?token={TOKEN}"  # type: ignore[attr-defined]
        device_service._second_device.cache_clear()
    with command():
        make_pdf_key(actor=None, seal=Seal.objects.get())
    yield world
    device_service._second_device.cache_clear()


def begun(world: World) -> SealUse:
    with command():
        return begin_use(
            actor=world.custodian["市府办公室"],
            seal=Seal.objects.get(),
            document_id=world.sender.pk,
            digest=sm3(small_pdf()),
            places=PLACES,
        )


@pytest.mark.one_database
def test_a_sealed_pdf_is_accepted_here_and_by_another_reader(keyed: World, tmp_path: Path) -> None:
    use = begun(keyed)
    sealed = apply_pdf(use, small_pdf(), PLACES)
    with command():
        finish_use(use, sealed)
    report = verify(sealed, trust=trusted_roots(), at=clock.now(), crls=crls())
    assert report.valid_and_trusted, report
    if shutil.which("pdfsig") is None:
        pytest.skip("no pdfsig here: scripts/system-packages test names the package")
    above = p256_authority()
    assert above is not None
    said = pdfsig(sealed, above.to_pem(), tmp_path)
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "江门市人民政府办公室" in said
    if shutil.which("certutil"):
        assert "Certificate is Trusted." in said
    altered = sealed.replace(b"/Rotate", b"/Rotats", 1).replace(b"%PDF-1.", b"%PDF-2.", 1)
    assert "Signature is Valid" not in pdfsig(altered, above.to_pem(), tmp_path)


def pdfsig(pdf: bytes, trusted: bytes, folder: Path) -> str:
    """What poppler says, with the centre's P-256 authority in an NSS store of its own where `certutil` is there."""
    path = folder / "sealed.pdf"
    path.write_bytes(pdf)
    run = ["pdfsig", str(path)]
    if shutil.which("certutil"):
        store = folder / "nss"
        store.mkdir(exist_ok=True)
        (folder / "ca.pem").write_bytes(trusted)
        subprocess.run(["certutil", "-N", "-d", f"sql:{store}", "--empty-password"], check=True, capture_output=True)
        add = ["certutil", "-A", "-d", f"sql:{store}", "-n", "centre", "-t", ",C,", "-i", str(folder / "ca.pem")]
        subprocess.run(add, check=True, capture_output=True)
        run = ["pdfsig", "-nssdir", f"sql:{store}", str(path)]
    return subprocess.run(run, capture_output=True, text=True, check=False, timeout=60).stdout


def test_its_certificate_is_on_the_list_as_soon_as_it_is_revoked(keyed: World) -> None:
    row = IssuedCertificate.objects.get(label=pdf_label(Seal.objects.get().pk))
    assert row in certificates(Seal.objects.get())
    first = published(P256_ISSUING)
    assert first is not None
    with command():
        revoke(actor=None, certificate=row, reason=Why.KEY_COMPROMISE)
    publish_wanted()
    newest = published(P256_ISSUING)
    assert newest is not None
    assert newest.der is not None
    assert newest.number == first.number + 1
    listed = Crl.from_der(bytes(newest.der))
    assert set(listed.revoked) == {int(row.serial, 16)}
    above = p256_authority()
    assert above is not None
    signer = x509.load_der_x509_certificate(above.der).public_key()
    assert x509.load_der_x509_crl(listed.der).is_signature_valid(signer)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refusal:
        apply_pdf(begun(keyed), small_pdf(), PLACES)
    assert refusal.value.code == "no_pdf_key"


def test_a_second_seal_finds_the_authority_that_is_there(keyed: World) -> None:
    other = Seal.objects.get()
    with command():
        certify_pdf_seal(actor=None, label="seal:other:pdf", name=other.name, seal_id=other.pk)
    assert IssuedCertificate.objects.filter(label=P256_ISSUING).count() == 1
    names = set(IssuedCertificate.objects.filter(use="pdf_seal").values_list("issuer", flat=True))
    assert names == {P256_ISSUING}


@pytest.mark.one_database
def test_a_token_that_is_gone_seals_nothing(
    world: World, token: Pkcs11Driver, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YICHUAN_P256_KEYS_PIN", PIN)
    settings.YICHUAN_P256_KEYS_URL = f"pkcs11://{token.library}?token={TOKEN}"  # type: ignore[attr-defined]
    device_service._second_device.cache_clear()
    with command():
        make_pdf_key(actor=None, seal=Seal.objects.get())
    use = begun(world)
    with token.removed(), pytest.raises(Unavailable) as refusal:
        apply_pdf(use, small_pdf(), PLACES)
    assert refusal.value.code == "device_removed"
    assert re.match(rb"%PDF", apply_pdf(use, small_pdf(), PLACES))
    device_service._second_device.cache_clear()
