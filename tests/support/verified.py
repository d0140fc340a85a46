"""Reading a verification report in tests, and signature files that were signed again."""

from datetime import datetime

from support.seals import (
    NOW,
    changed,
    forged_value,
    pki,
    sealed_ofd,
)
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.report import SignatureReport
from yichuan.lib.ofd.verifying import verify

SIGNATURE = "Doc_0/Signs/Sign_0/Signature.xml"
VALUE = "Doc_0/Signs/Sign_0/SignedValue.dat"
SEAL = "Doc_0/Signs/Sign_0/Seal.esl"
LIST = "Doc_0/Signs/Signatures.xml"


def check(data: bytes, trust=None, at: datetime = NOW) -> SignatureReport:
    (signature,) = verify(data, trust=pki().trust if trust is None else trust, at=at).signatures
    return signature


def verdicts(signature: SignatureReport) -> tuple[str, str, str, str]:
    return signature.integrity, signature.seal, signature.signer, signature.time


def failed(signature: SignatureReport) -> dict[str, str]:
    return {step.name: step.note for step in signature.steps if step.ok is False}


def resigned(xml: bytes, **how) -> bytes:
    """The sealed document with another Signature.xml, signed anew without asking whether that is allowed."""
    how = {"seal": pki().seal, "signer": pki().unit} | how
    return changed(sealed_ofd(), {SIGNATURE: xml, VALUE: forged_value(xml, **how)})


def original_xml() -> bytes:
    return Package.open(sealed_ofd()).read(SIGNATURE)
