"""Verifying any file of the field: OFD, PDF, CEB with a detached signature, a seal or a signature value alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .ceb import CebError, read_ceb_header
from .gm.crl import Crl
from .gm.x509 import Certificate
from .kinds import kind_of
from .ofd.limits import Limits
from .ofd.report import SEAL, Coverage, Report, SignatureReport, verdict
from .ofd.verifying import verify as verify_ofd
from .pdf.limits import DEFAULT as PDF_DEFAULT
from .pdf.limits import Limits as PdfLimits
from .ses.errors import SesError
from .ses.seal import Seal, parse_seal
from .ses.signature import SealSignature, parse_signature
from .ses.status_list import StatusList
from .ses.steps import Step, shown, step
from .ses.times import prove_time
from .ses.verify import content_steps, seal_steps, signer_steps, time_steps

_ALL = Coverage(True, ())


@dataclass(frozen=True)
class Verified:
    """`kind` is "ofd", "pdf", "ceb", "seal" (.esl), "value" (SignedValue.dat alone) or what else the file is;
    `remark` says in Chinese what the report does not."""

    kind: str
    report: Report
    remark: str = ""


@dataclass(frozen=True)
class _SealAlone(SignatureReport):
    """A seal file: nobody has signed with it here."""

    @property
    def valid_and_trusted(self) -> bool:
        return verdict(self.steps, SEAL | {"seal_period"}) == "ok"


@dataclass(frozen=True)
class _Detached(SignatureReport):
    """A signature without a seal over a whole file: it needs none."""

    @property
    def valid_and_trusted(self) -> bool:
        return self.integrity == self.signer == "ok" and self.time != "failed"


@dataclass(frozen=True)
class _ValueAlone(SignatureReport):
    """A signature value out of its document: whether the files that it protects are unchanged, nobody can tell."""

    @property
    def valid_and_trusted(self) -> bool:
        return False


def verify_file(
    data: bytes,
    *,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None = None,
    status_lists: Sequence[StatusList] | None = None,
    beside: bytes | None = None,
    ofd_limits: Limits | None = None,
    pdf_limits: PdfLimits = PDF_DEFAULT,
) -> Verified:
    """Verify a file by what it is; `trust`, `at`, `crls` and `status_lists` as in `ofd.verifying.verify`.

    `beside` is what lies next to it: the detached signature of a CEB, the Signature.xml of a SignedValue.dat. Nothing
    in a file makes this raise; ValueError is for a naive `at`.
    """
    if at.tzinfo is None:
        raise ValueError("at must be aware: pass a datetime with a time zone")
    kind = kind_of(data)
    if kind in ("ofd", "zip"):
        return Verified(
            "ofd", verify_ofd(data, trust=trust, at=at, crls=crls, status_lists=status_lists, limits=ofd_limits)
        )
    if kind == "pdf":
        from .pdf.verifying import verify as verify_pdf  # with pyHanko, which takes 12 MB: loaded with the first PDF

        return Verified(
            "pdf", verify_pdf(data, trust=trust, at=at, crls=crls, status_lists=status_lists, limits=pdf_limits)
        )
    try:
        if kind == "ceb":
            return _ceb(data, beside, trust, at, crls)
        if kind == "der":
            return _loose(data, beside, trust, at, crls, status_lists)
    except (CebError, SesError) as problem:
        return Verified(kind, Report(False, problem.code, str(problem), ()))
    return Verified(kind, Report(False, "not_verifiable", "neither OFD, PDF, CEB, seal nor signature value", ()))


def _ceb(
    data: bytes, beside: bytes | None, trust: list[Certificate], at: datetime, crls: Sequence[Crl] | None
) -> Verified:
    header = read_ceb_header(data)
    remark = f"CEB 文件（版本 {header.version or '未注明'}），内容不作解读"
    if beside is None:
        return Verified("ceb", Report(True, None, "", ()), f"{remark}；需要随附的分离签名（.p7s）才能验证")
    signature = parse_signature(beside)
    steps = [step("structure", True, "read", version=signature.version)]
    steps += content_steps(signature, data)
    steps += signer_steps(signature, trust=trust, at=at, crls=crls)
    steps += time_steps(signature, trust=trust, at=at, crls=crls)
    found = _Detached("detached", "Sign", signature.version, _ALL, tuple(steps))
    return Verified("ceb", Report(True, None, "", (found,)), f"{remark}；按随附的分离签名验证")


def _loose(
    data: bytes,
    beside: bytes | None,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None,
    status_lists: Sequence[StatusList] | None,
) -> Verified:
    try:
        seal = parse_seal(data)
    except SesError:
        signature = parse_signature(data)
        return _value(signature, beside, trust, at, crls, status_lists)
    steps = [
        *seal_steps(seal, trust=trust, at=at, crls=crls, status_lists=status_lists),
        _period(seal, at),
        *_noted(seal.notes),
    ]
    found = _SealAlone(seal.seal_id, "SealFile", seal.version, _ALL, tuple(steps))
    return Verified("seal", Report(True, None, "", (found,)), f"电子印章文件“{seal.name}”")


def _value(
    signature: SealSignature,
    beside: bytes | None,
    trust: list[Certificate],
    at: datetime,
    crls: Sequence[Crl] | None,
    status_lists: Sequence[StatusList] | None,
) -> Verified:
    steps = [step("structure", True, "read", version=signature.version), *_noted(signature.notes)]
    checked = content_steps(signature, beside or b"")
    if beside is None:
        undecided = ("data_hash",) if signature.signed is not None else ("data_hash", "signature")
        checked = [_without_content(each.name) if each.name in undecided else each for each in checked]
    steps += [*checked, _without_content("coverage")]
    if signature.seal is not None:
        _, proven = prove_time(signature, trust=trust, at=at, crls=crls)
        steps += seal_steps(
            signature.seal,
            trust=trust,
            at=at,
            crls=crls,
            status_lists=status_lists,
            claimed=signature.time,
            existed=proven,
        )
    steps += signer_steps(signature, trust=trust, at=at, crls=crls)
    steps += time_steps(signature, trust=trust, at=at, crls=crls)
    kind = "Seal" if signature.seal else "Sign"
    found = _ValueAlone("value", kind, signature.version, Coverage(False, ()), tuple(steps))
    remark = "单独的签名值" if beside is None else "签名值与同目录的 Signature.xml（所保护的文件不在此处）"
    return Verified("value", Report(True, None, "", (found,)), remark)


def _noted(notes: tuple[str, ...]) -> list[Step]:
    return [step("deviations", None, "deviations", detail="; ".join(notes))] if notes else []


def _without_content(name: str) -> Step:
    return Step(name, None, "what was signed is not at hand", "没有被签名的原文，无法核对", "content_not_at_hand")


def _period(seal: Seal, at: datetime) -> Step:
    if seal.valid_from is None or seal.valid_to is None:
        return step("seal_period", None, "period_unreadable")
    start, end = shown(seal.valid_from), shown(seal.valid_to)
    within = seal.valid_from <= at <= seal.valid_to
    said = "" if within else "not "
    note_zh = f"有效期 {start} 至 {end}" + ("" if within else f"，{shown(at)} 不在其内")
    return Step("seal_period", within, f"{said}valid at {shown(at)} ({start} to {end})", note_zh, "seal_at")
