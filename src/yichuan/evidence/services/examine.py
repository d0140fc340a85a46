"""Verifying a stranger's files and codes: in memory, bounded, kept nowhere (public verification)."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from yichuan.common import clock
from yichuan.common.errors import Unavailable
from yichuan.evidence.services.copies import NOT_COVERED, copy_group
from yichuan.evidence.words import Group, groups_of, package_group
from yichuan.keys.selectors import crls
from yichuan.keys.services.authority import trusted_roots
from yichuan.lib.evidence import Evidence, looks_like_evidence, verify_evidence
from yichuan.lib.kinds import kind_of
from yichuan.lib.ofd.limits import MIB, Limits
from yichuan.lib.pdf.limits import Limits as PdfLimits
from yichuan.lib.qr import QrError, read_qr
from yichuan.lib.verifying import Verified, verify_file
from yichuan.seals.selectors_status import status_lists

MOST_FILES = 10
MOST_BYTES = 32 * MIB
"""Of all files of one request together."""
AT_ONCE = 2
WAITING = 1
"""With those they leave a thread of `yichuan serve` to everybody else."""
WAIT_SECONDS = 15
LIMITS = Limits(
    package_bytes=MOST_BYTES,
    entries=4000,
    entry_bytes=64 * MIB,
    total_bytes=128 * MIB,
    xml_bytes=8 * MIB,
    xml_nodes=200_000,
    work_bytes=256 * MIB,
    signatures=50,
    references=20_000,
)
PDF_LIMITS = PdfLimits(
    file_bytes=MOST_BYTES, objects=50_000, stream_bytes=32 * MIB, total_bytes=128 * MIB, reads=8_000_000, revisions=64
)
LONGEST_NAME = 80

_KINDS = {"ofd": "OFD 公文", "pdf": "PDF 文件", "ceb": "CEB 文件", "seal": "电子印章文件", "value": "签名值"}
_UNREAD = {
    "picture_too_large": "图片太大，请缩小以后再试。",
    "picture_too_hard": "图片太杂乱，没有核验。请只拍二维码，拍清楚、拍正，占满画面的一半以上。",
    "picture_unreadable": "图片无法读取，请换一张 JPG 或 PNG。",
}
_WITHOUT_BODY = "证据包有效：回执和日志记录没有改动。包里没有正文，印章没有核验。"
_PICTURES = ("png", "jpeg", "gif", "bmp")
_NEVER = "核验只看签章、证书、时间和改动，不判断公文写的事情是否属实。"
_room = threading.BoundedSemaphore(AT_ONCE)
_door = threading.BoundedSemaphore(AT_ONCE + WAITING)


@dataclass(frozen=True)
class Upload:
    """A file as somebody called it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Result:
    """One thing that was looked at. `state` is the worst of what was found: ok, bad or unknown."""

    name: str
    kind: str
    state: str
    summary: str
    groups: tuple[Group, ...] = ()
    not_covered: tuple[str, ...] = ()


def examine_files(files: Sequence[Upload]) -> list[Result]:
    """Verify each file by what it is; the detached signature of a CEB goes with it. Reads the register, keeps nothing.

    Raises Unavailable where too many are being verified already.
    """
    beside = {file.name: file.data for file in files if file.name.endswith(".p7s")}
    with _turn():
        return [_examine(file, beside.get(f"{file.name}.p7s")) for file in files if not _belongs(file, files)]


def examine_code(text: str) -> Result:
    """What the text of a copy's code says."""
    group = copy_group(text.strip())
    if group is None:
        return Result("打印码", "文字", "unknown", "这段文字不是打印码。请扫原件页脚的二维码，或者照原样粘贴它的文字。")
    return _of_code("打印码", group)


@contextmanager
def _turn() -> Iterator[None]:
    with _taken(_door, 0), _taken(_room, WAIT_SECONDS):
        yield


@contextmanager
def _taken(places: threading.BoundedSemaphore, seconds: float) -> Iterator[None]:
    if not places.acquire(timeout=seconds):
        raise Unavailable("verify_busy", "正在核验的文件较多，没有轮到。请过一会儿再试。")
    try:
        yield
    finally:
        places.release()


def _belongs(file: Upload, files: Sequence[Upload]) -> bool:
    return file.name.endswith(".p7s") and any(f"{other.name}.p7s" == file.name for other in files)


def _examine(file: Upload, beside: bytes | None) -> Result:
    name = file.name[:LONGEST_NAME]
    if kind_of(file.data) in _PICTURES:
        return _picture(name, file.data)
    at, trust, lists, statuses = clock.now(), trusted_roots(), crls(), status_lists()
    if looks_like_evidence(file.data):
        found = verify_evidence(
            file.data, trust=trust, at=at, crls=lists, status_lists=statuses, limits=LIMITS, pdf_limits=PDF_LIMITS
        )
        return _package(name, found)
    verified = verify_file(
        file.data,
        trust=trust,
        at=at,
        crls=lists,
        status_lists=statuses,
        beside=beside,
        ofd_limits=LIMITS,
        pdf_limits=PDF_LIMITS,
    )
    return _document(name, verified)


def _package(name: str, found: Evidence) -> Result:
    inside = groups_of(found.document.report) if found.document else []
    groups = (package_group(found), *inside)
    state = "ok" if found.valid_and_trusted else _worst(groups)
    said = _summary(state)
    if state == "ok":
        said = "证据包有效：签章有效，正文、回执和日志记录没有改动。" if found.document else _WITHOUT_BODY
    number = found.manifest.number if found.manifest else ""
    return Result(name, "证据包" + (f"（{number}）" if number else ""), state, said, groups, _uncovered(found.document))


def _document(name: str, found: Verified) -> Result:
    report, kind = found.report, _KINDS.get(found.kind, "其他文件")
    if not report.readable:
        what = (
            "这不是能核验的文件。"
            if report.error == "not_verifiable"
            else "文件损坏、不完整，或者太大太复杂，无法读取。"
        )
        return Result(name, kind, "unknown", f"{what}请拖入 OFD、PDF、证据包，或者打印件二维码的照片。")
    if not report.signatures:
        said = "里面没有签章，无法知道由谁发出、是否改动。" + found.remark
        if found.kind == "pdf":
            said += "打印原件用的文件，请打印出来，拍下二维码再核验。"
        return Result(name, kind, "unknown", said)
    groups = groups_of(report)
    state = "ok" if report.valid_and_trusted else _worst(groups)
    return Result(name, kind, state, _summary(state), tuple(groups), _uncovered(found))


def _worst(groups: Sequence[Group]) -> str:
    """Something that is not valid and trusted is bad where a check failed, else it cannot be told."""
    return "bad" if any(line.state == "bad" for group in groups for line in group.lines) else "unknown"


def _summary(state: str) -> str:
    return {
        "ok": "签章有效：印章和签章人可信，盖章后没有改动。",
        "bad": "有检查没有通过，请不要采信，向发文单位核实。",
        "unknown": "没有发现问题，但有检查无法确认，请看各项说明。",
    }[state]


def _uncovered(found: Verified | None) -> tuple[str, ...]:
    more = []
    if found is not None:
        stamped = all(
            any(step.name == "time_stamp" and step.ok for step in each.steps) for each in found.report.signatures
        )
        if not stamped:
            more.append("没有时间戳的签章，时间是签章人自报的，只能参考。")
        if found.kind == "ofd":
            more.append("印章只保护正文，另行发送的附件不在其内。")
    return (*more, _NEVER)


def _picture(name: str, data: bytes) -> Result:
    try:
        texts = read_qr(data)
    except QrError as problem:
        return Result(name, "图片", "unknown", _UNREAD[problem.code])
    groups = [group for text in texts if (group := copy_group(text)) is not None]
    if not groups:
        return Result(
            name, "图片", "unknown", "图片里没有找到打印码。请把原件页脚的二维码拍清楚、拍正，占满画面的一半以上。"
        )
    return _of_code(name, *groups)


def _of_code(name: str, *groups: Group) -> Result:
    bad = any(line.state == "bad" for group in groups for line in group.lines)
    said = "打印码没有通过核验，请向发文单位核实。" if bad else "这是本中心登记过的编号打印原件。"
    return Result(name, "打印原件的二维码", "bad" if bad else "ok", said, groups, (NOT_COVERED,))
