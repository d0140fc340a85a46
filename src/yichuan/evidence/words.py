"""A verification in a clerk's words: each check by its name, and what was found in the verifier's own sentence."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from yichuan.common import profile
from yichuan.lib.evidence import Evidence
from yichuan.lib.evidence.checkpoints import CHECKPOINT
from yichuan.lib.evidence.log_checks import LOG, MARKS
from yichuan.lib.ofd.report import INTEGRITY, SEAL, SIGNER, TIME, Report, SignatureReport, Step
from yichuan.lib.ofd.report import verdict as verdict_of

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_KINDS = {"Seal": "电子签章", "Sign": "数字签名", "TimeStamp": "文档时间戳", "SealFile": "电子印章"}
_STATES = {True: "ok", None: "unknown", False: "bad"}
_VERDICTS = {"ok": "ok", "failed": "bad", "unknown": "unknown"}
_CHECKS = (  # the check, the verdict that decides it, the steps that speak for it when all is well: so many of them
    ("内容完整", "integrity", ("references", "byte_range", "data_hash"), 1),
    ("印章", "seal", ("seal_maker_signature", "seal_maker_certificate"), 2),
    ("签章人", "signer", ("signature", "signer_certificate"), 2),
    ("时间", "time", ("signing_time",), 1),
)
_APART = ("seal_status",)  # a check of its own, though it decides the verdict on the seal too


@dataclass(frozen=True)
class Line:
    """One check: `state` is ok, warn, bad or unknown; `note` says what was found."""

    name: str
    state: str
    note: str


@dataclass(frozen=True)
class Group:
    """One signature (or the package, or the code): its checks, and all the steps behind them."""

    title: str
    lines: tuple[Line, ...]
    steps: tuple[Line, ...] = ()


def groups_of(report: Report) -> list[Group]:
    """A group for each signature of a document."""
    return [_signature(number, each) for number, each in enumerate(report.signatures, start=1)]


def package_group(evidence: Evidence) -> Group:
    """The checks on an evidence package itself."""
    asked = (
        "manifest", "packer", "parts_missing", "parts_changed", "parts_doubled", "parts_foreign", "signing_time",
        *sorted(LOG | CHECKPOINT | {MARKS}),
    )  # fmt: skip
    lines = [_line(step) for step in evidence.steps if step.name in asked]
    steps = {step.name: step for step in evidence.steps}
    if "signature" in steps:
        failed = [
            each for each in (steps.get("data_hash"), steps["signature"], steps.get("signer_certificate")) if each
        ]
        lines.insert(1, _worst("打包签名", failed))
    return Group("证据包", tuple(lines), tuple(_line(step) for step in evidence.steps))


def _signature(number: int, report: SignatureReport) -> Group:
    named = next((step.note_zh for step in report.steps if step.name == "seal_structure" and step.ok), "")
    title = f"{_KINDS.get(report.kind, report.kind)} {number}" + (f"　{spoken(named)}" if named else "")
    lines = [_check(report, *each) for each in _CHECKS if _applies(report, each[1])]
    lines[2:2] = [_line(step) for step in report.steps if step.name in _APART]
    lines += [_line(step) for step in report.steps if step.name == "coverage"]
    return Group(title, tuple(lines), tuple(_line(step) for step in report.steps))


def _applies(report: SignatureReport, verdict: str) -> bool:
    """A signature without a seal has none to check, unless one is drawn that nobody made; a seal alone no signer."""
    if verdict == "seal":
        return report.kind in ("Seal", "SealFile") or report.seal == "failed"
    return report.kind != "SealFile" or verdict == "time"


def _check(report: SignatureReport, name: str, verdict: str, good: tuple[str, ...], most: int) -> Line:
    wanted = _steps_of(report, verdict)
    state = _VERDICTS[verdict_of(wanted, SEAL) if verdict == "seal" else getattr(report, verdict)]
    if state == "ok":
        said = [step for speaks in good for step in report.steps if step.name == speaks][:most] or wanted
    else:
        said = [step for step in wanted if step.ok is (False if state == "bad" else None)]
    return Line(name, state, "；".join(dict.fromkeys(spoken(step.note_zh) for step in said)) or "没有可以核对的内容")


def _steps_of(report: SignatureReport, verdict: str) -> list[Step]:
    """The steps that decide a verdict: those without which it would not be what it is."""
    names = {"integrity": INTEGRITY | {"byte_range", "later_changes"}, "seal": SEAL, "signer": SIGNER, "time": TIME}
    return [step for step in report.steps if step.name in names[verdict] and step.name not in _APART]


def _worst(name: str, steps: Iterable[Step]) -> Line:
    worst = min(steps, key=lambda each: (False, None, True).index(each.ok))
    return Line(name, _STATES[worst.ok], spoken(worst.note_zh))


def _line(step: Step) -> Line:
    return Line(step.title_zh, _STATES[step.ok], spoken(step.note_zh))


def spoken(note: str) -> str:
    """A sentence of the verifier with its times as clerks write them."""
    return _MOMENT.sub(lambda found: said(datetime.fromisoformat(found[0])), note)


def said(at: datetime) -> str:
    """A moment on the centre's clock."""
    local = localtime(at, profile.current().zone)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}"
