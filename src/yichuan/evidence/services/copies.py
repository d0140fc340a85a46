"""What the code on a printed copy says, and whether that copy is on record (R4).

A stranger learns nothing that does not stand in the code, and thus on the paper in their hand: the record only says
whether it agrees.
"""

import uuid

from yichuan.audit.selectors_tree import tiles
from yichuan.evidence.words import Group, Line
from yichuan.exchange.models import PrintedCopy
from yichuan.exchange.services.print_codes import half_of, read_code
from yichuan.exchange.services.print_word import read_word
from yichuan.lib.merkle import tree_root
from yichuan.lib.print_code import Fault, LogMark, PrintCode, looks_like_code
from yichuan.lib.print_code_words import SAID, lines_of

NOT_COVERED = "打印码证明有这一份编号原件，不证明纸上的字没有改过。要核对内容，请与电子原件对照，或者向发文单位查询。"


def copy_group(text: str) -> Group | None:
    """The checks on a code; None for a text that does not mean to be one."""
    if not looks_like_code(text):
        return None
    code = read_code(text)
    if isinstance(code, Fault):
        return Group("打印码", (Line("签发", "bad", SAID[code]),))
    said = [Line(name, "ok", words) for name, words in lines_of(code)]
    return Group("打印码", (Line("签发", "ok", "打印码由本中心签发，没有改动。"), *said, _record(code), _log(code.log)))


def _log(mark: LogMark) -> Line:
    """Whether the log as it stands goes on from the checkpoint on the paper."""
    try:
        root = tree_root(mark.size, tiles().node)
    except (KeyError, ValueError):  # no tiles reach so far, or what lies there is none
        return Line("日志", "bad", "日志没有打印时那么长，或者残缺，被截去过。请告知审计员核验日志。")
    if not mark.is_of(root):
        return Line("日志", "bad", "日志与纸上的检查点不一致，日志被改写过。请告知审计员核验日志。")
    return Line("日志", "ok", "日志从纸上的检查点延续至今，没有改写。")


def _record(code: PrintCode) -> Line:
    copy = (
        PrintedCopy.objects.select_related("delivery__dispatch__document", "verification")
        .filter(pk=uuid.UUID(bytes=code.copy_id))
        .first()
    )
    if copy is None or copy.state == PrintedCopy.State.FAILED or copy.verified is None or copy.verification is None:
        return Line("登记", "bad", "登记簿里没有这一份，请向发文单位核实。")
    digest, word = bytes.fromhex(copy.delivery.dispatch.document.body_digest), bytes(copy.verified)
    if (copy.number, digest[: len(code.digest)]) != (code.copy, code.digest):
        return Line("登记", "bad", "登记簿里的份号或者原件与打印码不一致，请向发文单位核实。")
    if half_of(word) != code.word or read_word(word, bytes(copy.verification.certificate)) is None:
        return Line("登记", "bad", "登记簿里验证印章的签名与打印码不一致，请向打印单位核实。")
    return Line("登记", "ok", "这一份在登记簿里，验证印章的签名与打印码一致。")
