"""The other forms with SM2 that are in use, and time stamps over the whole document, made into fields of ours."""

import hashlib
import io
from datetime import datetime

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp

from support.other_seals import seal_info, seal_v1, signature_v1
from support.pdf import DAY, covered, p256, sealed_pdf, signed_pdf, small_pdf, time_stamp, with_value
from support.seals import NOW, forged_value, pki
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.report import SignatureReport
from yichuan.lib.pdf.verifying import verify
from yichuan.lib.ses.plain import Form, prepare_plain_signature

LATER = NOW + DAY


def reports(data: bytes) -> tuple[SignatureReport, ...]:
    return verify(data, trust=[*pki().trust, *p256().trust], at=LATER).signatures


def replaced(value: bytes) -> SignatureReport:
    """The report on a file of ours whose value is exchanged for this one."""
    return reports(with_value(sealed_pdf(), "Signature1", value))[0]


def finding(signature: SignatureReport, name: str) -> tuple[bool | None, str]:
    return next((each.ok, each.finding) for each in signature.steps if each.name == name)


def plain_value(content: bytes, form: Form) -> bytes:
    unit = pki().unit
    unsigned = prepare_plain_signature(unit.certificate, sm3(content), NOW, form)
    return unsigned.attach(unit.key.sign(unsigned.message))


@pytest.mark.parametrize("form", list(Form))
def test_a_gb_t_35275_signature_is_read_and_needs_no_seal(form: Form) -> None:
    data = sealed_pdf()
    signed, _ = covered(data)
    (found,) = reports(with_value(data, "Signature1", plain_value(signed, form)))
    assert (found.kind, found.version) == ("Sign", "35275")
    assert (found.integrity, found.signer) == ("ok", "ok")
    assert found.valid_and_trusted


@pytest.mark.parametrize("form", list(Form))
def test_a_gb_t_35275_signature_over_another_file_is_false(form: Form) -> None:
    assert finding(replaced(plain_value(b"another file", form)), "data_hash") == (False, "bytes_differ")


def test_a_v1_seal_signature_is_read() -> None:
    data = sealed_pdf()
    signed, _ = covered(data)
    seal = seal_v1(pki().maker, seal_info(pki().unit))
    value = signature_v1(seal, pki().unit, signed, b"20261121090000Z")
    (found,) = reports(with_value(data, "Signature1", value))
    assert (found.kind, found.version) == ("Seal", "v1")
    assert finding(found, "data_hash") == (True, "bytes_match")
    assert finding(found, "signature") == (True, "signature_holds")


def test_a_seal_used_by_a_stranger_is_named() -> None:
    data = sealed_pdf()
    signed, _ = covered(data)
    value = forged_value(signed, seal=pki().seal, signer=pki().stranger)
    (found,) = reports(with_value(data, "Signature1", value))
    assert found.integrity == "ok"
    assert finding(found, "signer_in_seal_list") == (False, "not_in_list")
    assert not found.valid_and_trusted


def test_a_value_that_is_nothing_is_named() -> None:
    assert finding(replaced(b"\x30\x03\x02\x01\x05"), "structure")[0] is False
    assert finding(replaced(bytes(40)), "structure")[0] is False


def document_stamp(data: bytes, at: datetime = NOW, *, over: bytes | None = None) -> bytes:
    """A DocTimeStamp (PAdES B-LTA) appended by pyHanko's embedder."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    embedding = PdfCMSEmbedder().write_cms("Stamp", writer)
    next(embedding)
    embedding.send(SigObjSetup(sig_placeholder=DocumentTimestamp(bytes_reserved=16384)))
    prepared, out = embedding.send(SigIOSetup(md_algorithm="sha256"))
    written = out.getvalue()
    start, end = prepared.reserved_region_start, prepared.reserved_region_end
    content = written[:start] + written[end:] if over is None else over
    assert over is not None or hashlib.sha256(content).digest() == prepared.document_digest
    prepared.fill_with_cms(out, time_stamp(content, p256().authority, at))
    return out.getvalue()


def test_a_stamp_over_the_document_is_verified() -> None:
    signed, stamp = reports(document_stamp(signed_pdf().data))
    assert finding(signed, "later_changes") == (True, "changes_allowed")
    assert signed.valid_and_trusted
    assert (stamp.kind, stamp.version, stamp.id) == ("TimeStamp", "RFC 3161", "Stamp")
    assert (stamp.integrity, stamp.signer, stamp.time) == ("ok", "ok", "ok")
    assert stamp.valid_and_trusted
    alone = verify(document_stamp(small_pdf()), trust=p256().trust, at=LATER)
    assert alone.signatures[0].valid_and_trusted
    assert not alone.valid_and_trusted  # nobody has signed
    assert len(PdfFileReader(io.BytesIO(document_stamp(small_pdf()))).embedded_timestamp_signatures) == 1


def test_it_proves_the_time_of_the_signatures_it_covers() -> None:
    signed, _ = reports(document_stamp(signed_pdf().data))
    assert finding(signed, "time_stamp") == (True, "document_stamp")
    assert signed.time == "ok"
    after = reports(signed_pdf(document_stamp(small_pdf())).data)[1]
    assert finding(after, "time_stamp") == (None, "stamp_absent")


def test_a_stamp_over_another_document_is_false() -> None:
    _, stamp = reports(document_stamp(signed_pdf().data, over=b"another"))
    assert finding(stamp, "data_hash") == (False, "bytes_differ")
    assert stamp.integrity == "failed"


def test_a_stamp_ahead_of_the_check_is_not_believed() -> None:
    _, stamp = reports(document_stamp(signed_pdf().data, at=LATER + DAY))
    assert not stamp.valid_and_trusted
