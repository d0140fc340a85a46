"""Verifying a file by what it is."""

from support.seals import NOW, pki, sealed_ofd
from support.verified import SIGNATURE, VALUE
from yichuan.lib.ofd.package import Package
from yichuan.lib.verifying import verify_file


def test_a_signature_value_out_of_its_document_is_not_valid_for_nobody_saw_what_it_protects() -> None:
    package = Package.open(sealed_ofd())
    found = verify_file(package.read(VALUE), trust=pki().trust, at=NOW, beside=package.read(SIGNATURE))
    (signature,) = found.report.signatures
    assert (signature.integrity, signature.seal, signature.signer) == ("ok", "ok", "ok")
    assert not found.report.valid_and_trusted
    assert ("coverage", None) in [(step.name, step.ok) for step in signature.steps]
