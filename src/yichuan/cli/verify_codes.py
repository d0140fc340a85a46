"""`yichuan verify` on the code of a printed original: a picture of it or its text, without a centre."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from yichuan.lib.gm.x509 import Certificate, validate_path
from yichuan.lib.kinds import kind_of
from yichuan.lib.print_code import LONGEST, Fault, PrintCode, looks_like_code, read_print_code
from yichuan.lib.print_code_words import SAID, lines_of
from yichuan.lib.qr import QrError, read_qr

CALLED = "打印码签名"
"""How a centre names the certificate of the key that signs codes and nothing else; no other is relied on for it."""
_PICTURES = ("png", "jpeg", "gif", "bmp")
_NOT_THE_PAPER = "打印码证明有这一份编号原件，不证明纸上的字没有改过。"


@dataclass(frozen=True)
class Codes:
    """What the codes in one picture or text say; `problem` where none could be looked at."""

    found: tuple[PrintCode | Fault, ...]
    problem: str = ""

    @property
    def good(self) -> bool:
        """Whether every code was signed by a key that is relied on."""
        return bool(self.found) and all(isinstance(each, PrintCode) for each in self.found)

    def to_json(self) -> dict[str, object]:
        """For programs: what each code says, or its fault."""
        codes = [_plain(each) if isinstance(each, PrintCode) else {"fault": each.value} for each in self.found]
        return {"kind": "print_code", "valid_and_trusted": self.good, "problem": self.problem, "codes": codes}

    def lines(self) -> list[str]:
        """For people."""
        if not self.found:
            return [f"无法核验：{self.problem}"]
        said: list[str] = []
        for each in self.found:
            if isinstance(each, Fault):
                said.append(f"打印码不通过：{SAID[each]}")
            else:
                said += ["打印码有效", *(f"  {name}：{words}" for name, words in lines_of(each)), f"  {_NOT_THE_PAPER}"]
        return said


def relied_on(given: Sequence[Certificate], trust: Sequence[Certificate]) -> list[Certificate]:
    """Of the certificates of `--codes` those that a trusted root certified for signing codes, whenever that was."""
    return [
        each
        for each in given
        if each.subject_name.endswith(CALLED)
        and validate_path(each, trust=trust, intermediates=(), at=each.not_before).ok
    ]


def codes_in(data: bytes, certificates: Sequence[Certificate]) -> Codes | None:
    """What is in a picture, or a text that is a code; None for any other file."""
    if kind_of(data) in _PICTURES:
        try:
            texts = [text for text in read_qr(data) if looks_like_code(text)]
        except QrError as problem:
            return Codes((), f"图片无法读取（{problem.code}）")
        if not texts:
            return Codes((), "图片里没有找到打印码。请把原件页脚的二维码拍清楚、拍正")
    else:
        text = data.decode(errors="replace").strip() if len(data) <= LONGEST + 2 else ""
        if not looks_like_code(text):
            return None
        texts = [text]
    if not certificates:
        return Codes((), "请用 --codes 给出交换中心的打印码证书，用 --trust 给出它的根证书")
    keys = [each.public_key for each in certificates]
    return Codes(tuple(read_print_code(text, keys) for text in texts))


def _plain(code: PrintCode) -> dict[str, object]:
    said = asdict(code) | {"log": str(code.log)}
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in said.items()}
