"""Verifying the signatures of a PDF: PAdES and PKCS #7 with RSA or ECDSA, and the forms in use with SM2 (a seal
signature of GB/T 38540 or GM/T 0031, or GB/T 35275 signed data, as the value of an ordinary signature field).

Nothing in a file makes this raise: what cannot be read or decided becomes a step that says so. Nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from asn1crypto import cms
from pyhanko.pdf_utils import generic, misc
from pyhanko.sign.validation.pdf_embedded import extract_contents

from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ofd.report import Coverage, Report
from yichuan.lib.ses import liberal, tlv
from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.signature import parse_signature
from yichuan.lib.ses.status_list import StatusList
from yichuan.lib.ses.steps import Step, listed, step
from yichuan.lib.ses.times import prove_time
from yichuan.lib.ses.verify import content_steps, seal_steps, signer_steps, time_steps

from .coverage import Covered, check_changes, check_range
from .limits import DEFAULT, Limits
from .pades import Relied, Times, embedded_evidence, is_foreign, signature_steps, stamp_step
from .reading import OpenPdf, SignedField, entry, named, open_pdf
from .report import PdfReport, PdfSignatureReport
from .steps import pdf_step

#: What `ses` says of Signature.xml, said of the signed bytes of a PDF.
_OF_BYTES = {"hash_matches": "bytes_match", "hash_differs": "bytes_differ", "hash_absent": "bytes_absent"}
_DOCUMENT_STAMP = "/ETSI.RFC3161"
_UNCHECKED = ("/adbe.x509.rsa_sha1", "/adbe.pkcs7.sha1")


def verify(
    pdf: bytes,
    *,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None = None,
    status_lists: Sequence[StatusList] | None = None,
    limits: Limits = DEFAULT,
) -> Report:
    """Verify every signature of a PDF; they come in the order in which they were added.

    `trust` are the certificates relied on, SM2 or others; `at` is the time of the check (aware); `crls` are revocation
    lists, None when only those inside the file are to be asked; `status_lists` as in `ofd.verifying.verify`. A file
    that cannot be read gives `readable` False with the code of a PdfError; one without signatures gives none. Raises
    ValueError for a naive `at` only.
    """
    if at.tzinfo is None:
        raise ValueError("at must be aware: pass a datetime with a time zone")
    try:
        opened = open_pdf(pdf, limits)
        fields = opened.signed_fields()
        checker = _Checker(opened, Relied(trust, at, crls), status_lists)
        for field in fields:
            checker.note_stamp(field)
    except Exception as problem:  # hostile bytes: whatever they provoke, the answer is a report
        fault = named(problem)
        return PdfReport(False, fault.code, fault.message, ())
    return PdfReport(True, None, "", tuple(checker.check(field) for field in fields))


class _Checker:
    """The signatures of one PDF."""

    def __init__(self, pdf: OpenPdf, relied: Relied, status_lists: Sequence[StatusList] | None) -> None:
        self._pdf, self._relied, self._status_lists = pdf, relied, status_lists
        self._evidence = embedded_evidence(pdf)
        self._stamps: list[tuple[int, datetime]] = []

    def note_stamp(self, field: SignedField) -> None:
        """Keep the time that a stamp over the document proves: whatever it covers was there by then."""
        if entry(field.value, "/SubFilter") != _DOCUMENT_STAMP:
            return
        try:
            padded = extract_contents(field.value)
            _, covered = check_range(self._pdf, field, padded)
            if covered is not None:
                token = cms.ContentInfo.load(_without_padding(padded)[0])["content"]
                signed = covered.content(self._pdf.data)
                _, moment = stamp_step("time_stamp", token, signed, self._evidence, self._relied)
                if moment is not None:
                    self._stamps.append((covered.revision, moment))
        except Exception:  # the report on the stamp itself says what is wrong with it
            return

    def _stamped_by(self, covered: Covered | None) -> datetime | None:
        """By when a stamp over the document proves that the signature was there."""
        if covered is None:
            return None
        return min((moment for revision, moment in self._stamps if revision > covered.revision), default=None)

    def check(self, field: SignedField) -> PdfSignatureReport:
        """The report on one signature; whatever goes wrong inside is a failed step."""
        steps: list[Step] = []
        kind, version, coverage = "Sign", "unknown", Coverage(False, (field.name,))
        try:
            padded = extract_contents(field.value)
            contents, clean = _without_padding(padded)
            in_range, covered = check_range(self._pdf, field, padded)
            steps.append(in_range)
            changes, uncovered = check_changes(self._pdf, field, covered)
            steps.append(changes)
            coverage = Coverage(covered is not None and covered.whole, uncovered)
            if self._pdf.deviations:
                steps.append(pdf_step("deviations", None, "lenient", detail=self._pdf.deviations))
            if not clean:
                steps.append(pdf_step("deviations", None, "padding"))
            kind, version, found = self._signature(field, contents, covered)
            if covered is None:  # what was signed is not known, so nobody can say that it was changed
                unknown = pdf_step("data_hash", None, "not_compared")
                found = [unknown if each.name == "data_hash" else each for each in found]
            steps += found
        except Exception as problem:  # the last resort against hostile bytes: never a crash, never a pass
            steps.append(step("structure", False, "unreadable", detail=f"{type(problem).__name__}: {problem}"))
        names = listed(coverage.uncovered)
        steps.append(step("coverage", not names, "uncovered" if names else "covered", names=names))
        return PdfSignatureReport(field.name, kind, version, coverage, tuple(steps))

    def _signature(self, field: SignedField, contents: bytes, covered: Covered | None) -> tuple[str, str, list[Step]]:
        """Kind, version and the steps on the signature value."""
        subfilter = str(entry(field.value, "/SubFilter") or "")
        if subfilter in _UNCHECKED:
            return "Sign", "unknown", [pdf_step("structure", None, "format_unsupported", name=subfilter)]
        # Without a sound range nothing is said to be signed; the value is looked at all the same.
        signed = covered.content(self._pdf.data) if covered else b""
        if subfilter == _DOCUMENT_STAMP:
            return "TimeStamp", "RFC 3161", self._document_stamp(contents, signed)
        if is_foreign(contents):
            times = Times(_written(field), self._stamped_by(covered))
            version, found = signature_steps(contents, signed, subfilter, times, self._evidence, self._relied)
            return "Sign", version, [*found, pdf_step("seal_structure", None, "no_seal")]
        return self._gm(field, contents, signed)

    def _document_stamp(self, contents: bytes, signed: bytes) -> list[Step]:
        """A time stamp over the whole document: it proves when the document was there, and nobody's consent."""
        token = cms.ContentInfo.load(contents)["content"]
        stamped, moment = stamp_step("time_stamp", token, signed, self._evidence, self._relied)
        proven = moment is not None
        same = False if stamped.finding in ("stamp_of_other", "stamp_false", "unreadable") else True if proven else None
        finding = {True: "bytes_match", False: "bytes_differ", None: "bytes_absent"}[same]
        authority = replace(stamped, name="signer_certificate")
        return [
            step("structure", True, "read", version="RFC 3161"),
            pdf_step("data_hash", same, finding),
            authority,
            stamped,
        ]

    def _gm(self, field: SignedField, contents: bytes, signed: bytes) -> tuple[str, str, list[Step]]:
        trust, at, crls = self._relied.trust, self._relied.at, self._relied.crls
        try:
            signature = parse_signature(contents)
        except SesError as problem:
            return "Sign", "unknown", [step("structure", False, "unreadable", detail=problem)]
        if signature.time is None:
            signature = replace(signature, time=_written(field), time_has_zone=True)
        steps = [step("structure", True, "read", version=signature.version)]
        if signature.notes:
            steps.append(step("deviations", None, "deviations", detail="; ".join(signature.notes)))
        steps += [_of_bytes(each) for each in content_steps(signature, signed)]
        if signature.seal is None:
            steps.append(step("seal_structure", None, "seal_none"))
        else:
            _, proven = prove_time(signature, trust=trust, at=at, crls=crls)
            steps += seal_steps(
                signature.seal,
                trust=trust,
                at=at,
                crls=crls,
                status_lists=self._status_lists,
                claimed=signature.time,
                existed=proven,
            )
        steps += signer_steps(signature, trust=trust, at=at, crls=crls)
        steps += time_steps(signature, trust=trust, at=at, crls=crls)
        return "Sign" if signature.seal is None else "Seal", signature.version, steps


def _of_bytes(said: Step) -> Step:
    if said.finding in _OF_BYTES:
        return pdf_step(said.name, said.ok, _OF_BYTES[said.finding])
    return said


def _without_padding(padded: bytes) -> tuple[bytes, bool]:
    """The signature value without the zeros that fill its space, and whether only zeros filled it."""
    try:
        end = tlv.read(padded).end
    except SesError:
        return padded, True
    return padded[:end], not padded[end:].strip(b"\0")


def _written(field: SignedField) -> datetime | None:
    """The time in the signature dictionary (/M); None when there is none, or it names no zone."""
    text = entry(field.value, "/M")
    if not isinstance(text, generic.TextStringObject):
        return None
    try:
        moment = generic.parse_pdf_date(text, strict=False)
    except (misc.PdfError, ValueError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=liberal.CHINA)
