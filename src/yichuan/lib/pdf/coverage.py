"""What a signature covers (ISO 32000-1, 12.8.1), and what was appended to the file after it.

A signature covers the file as it was, but for the space of its own value. Everything else is an attack: signed bytes
that leave a gap, that belong to another state of the file, or a state that was changed by what was appended.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import process_data_at_eof
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, SuspiciousModification
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

from yichuan.lib.ses.steps import Said, Step
from yichuan.lib.ses.steps import listed as shown_names

from .errors import PdfError
from .reading import OpenPdf, SignedField, entry, listed
from .steps import pdf_step

_SPACE = b"\r\n\t \0"


@dataclass(frozen=True)
class Covered:
    """The signed bytes lie before `gap_start` and from `gap_end` to `end`; `revision` is the state they are, from 0."""

    gap_start: int
    gap_end: int
    end: int
    revision: int
    whole: bool

    def content(self, data: bytes) -> bytes:
        """The signed bytes of the file."""
        return data[: self.gap_start] + data[self.gap_end : self.end]


def check_range(pdf: OpenPdf, field: SignedField, contents: bytes) -> tuple[Step, Covered | None]:
    """The step byte_range. `contents` is the signature value as it stands in the file, padding included."""
    figures = [each for each in listed(entry(field.value, "/ByteRange")) if isinstance(each, int)]
    fault, covered = _covered(pdf, field, figures, contents)
    if covered is None:
        return pdf_step("byte_range", False, "range_broken", detail=fault), None
    if covered.whole:
        return pdf_step("byte_range", True, "range_whole"), covered
    states = {"revision": covered.revision + 1, "revisions": pdf.reader.xrefs.total_revisions}
    return pdf_step("byte_range", True, "range_revision", **states), covered


def _covered(
    pdf: OpenPdf, field: SignedField, figures: list[int], contents: bytes
) -> tuple[Said | None, Covered | None]:
    data = pdf.data
    if len(figures) != 4 or figures[0] != 0:
        return Said(
            f"ByteRange {figures} does not begin the file and leave one gap",
            f"ByteRange {figures} 应从文件开头起只留一处空缺",
        ), None
    _, gap_start, gap_end, rest = figures
    end = gap_end + rest
    if not 0 < gap_start < gap_end < end <= len(data):
        return Said(
            f"ByteRange {figures} lies outside the file of {len(data)} bytes",
            f"ByteRange {figures} 超出文件（{len(data)} 字节）",
        ), None
    if _unhexed(data[gap_start:gap_end]) != contents:
        return Said("the gap holds something else than the signature value", "空缺处不是签名值"), None
    xrefs = pdf.reader.xrefs
    revision = xrefs.get_last_change(field.reference)
    whole = not data[end:].strip(_SPACE)
    if whole and revision != xrefs.total_revisions - 1:
        return Said(
            "the signature dictionary is older than the end of the signed bytes", "签名字典早于签名覆盖的末尾"
        ), None
    if not whole:
        if revision == xrefs.total_revisions - 1 or not data.rstrip(_SPACE).endswith(b"%%EOF"):
            return Said(
                "behind the signed bytes stands what belongs to no state of the file",
                "签名内容之后有不属于任何版本的多余内容",
            ), None
        try:
            ends_at = process_data_at_eof(_positioned(data, end))
        except misc.PdfError:
            return Said(
                "the signed bytes do not end where a state of the file ends", "签名覆盖的末尾不是文件某一版本的末尾"
            ), None
        if ends_at != xrefs.get_startxref_for_revision(revision) or any(
            xrefs.get_xref_container_info(each).end_location > end for each in range(revision + 1)
        ):
            return Said(
                "the signed bytes end in another state of the file than the signature belongs to",
                "签名覆盖的版本与签名所在的版本不符",
            ), None
    return None, Covered(gap_start, gap_end, end, revision, whole)


def _positioned(data: bytes, position: int) -> io.BytesIO:
    stream = io.BytesIO(data)
    stream.seek(position)
    return stream


def _unhexed(gap: bytes) -> bytes | None:
    """The bytes of a hexadecimal string with its brackets; None for anything else."""
    if gap[:1] != b"<" or gap[-1:] != b">":
        return None
    try:
        digits = gap[1:-1].decode("ascii")
        return bytes.fromhex(digits + "0" if len(digits) % 2 else digits)
    except ValueError:
        return None


def check_changes(pdf: OpenPdf, field: SignedField, covered: Covered | None) -> tuple[Step, tuple[str, ...]]:
    """The step later_changes, and the names of what is seen but not covered."""
    name = "later_changes"
    if covered is None:
        return pdf_step(name, None, "not_compared"), (field.name,)
    if covered.whole:
        return pdf_step(name, True, "changes_none"), ()
    allowed = permission(field)
    reader = pdf.reader
    try:
        found = DEFAULT_DIFF_POLICY.review_file(
            reader, covered.revision, field_mdp_spec=_locked_fields(field), doc_mdp=allowed
        )
    except PdfError as error:
        return pdf_step(name, None, "too_complex", detail=error), _states_after(pdf, covered)
    if isinstance(found, SuspiciousModification):
        return pdf_step(name, False, "changes_suspicious", detail=found), _states_after(pdf, covered)
    fields = pdf.fields()
    signatures = {each.name for each in fields if each.signature}
    later = [
        each.name for each in pdf.signed_fields() if reader.xrefs.get_last_change(each.reference) > covered.revision
    ]
    filled = sorted(found.changed_form_fields - signatures)
    empty = [
        each.name
        for each in fields
        if each.signature
        and not each.signed
        and ("/AP" in each.widget or entry(each.widget, "/MK"))
        and reader.xrefs.get_introducing_revision(each.reference) > covered.revision
    ]
    appended = [*later, *filled, *empty]
    if _drawn_anew(pdf, covered):
        return pdf_step(name, False, "changes_drawn_anew"), _states_after(pdf, covered)
    if allowed is not None and found.modification_level.value > allowed.value:
        return pdf_step(name, False, "changes_forbidden", names=shown_names(appended)), tuple(
            appended or _states_after(pdf, covered)
        )
    if found.modification_level is ModificationLevel.ANNOTATIONS or filled:
        return pdf_step(name, None, "changes_form", names=shown_names(filled)), tuple(filled)
    if empty:
        return pdf_step(name, False, "changes_unsigned_field", names=shown_names(empty)), tuple(empty)
    if not appended:
        return pdf_step(name, True, "changes_data"), ()
    return pdf_step(name, True, "changes_allowed", names=shown_names(appended)), ()


def _drawn_anew(pdf: OpenPdf, covered: Covered) -> bool:
    """Whether readers were told after signing to draw the form's fields from their values, which need not say what
    their signed pictures show."""
    before = entry(pdf.reader.get_historical_root(covered.revision), "/AcroForm")
    now = entry(pdf.reader.root, "/AcroForm")
    return bool(entry(now, "/NeedAppearances")) and not entry(before, "/NeedAppearances")


def _states_after(pdf: OpenPdf, covered: Covered) -> tuple[str, ...]:
    return tuple(f"revision {each + 1}" for each in range(covered.revision + 1, pdf.reader.xrefs.total_revisions))


def _transform(field: SignedField, method: str) -> Any:
    for raw in listed(entry(field.value, "/Reference")):
        reference = raw.get_object()
        if entry(reference, "/TransformMethod") == method:
            return entry(reference, "/TransformParams")
    return None


def permission(field: SignedField) -> MDPPerm | None:
    """What the signature allows to be appended (DocMDP), None where it does not say."""
    for source in (_transform(field, "/DocMDP"), entry(field.widget, "/Lock")):
        if isinstance(source, generic.DictionaryObject) and "/P" in source:
            return MDPPerm(int(source["/P"]))
    return None


def _locked_fields(field: SignedField) -> FieldMDPSpec | None:
    parameters = _transform(field, "/FieldMDP")
    return FieldMDPSpec.from_pdf_object(parameters) if parameters is not None else None
