"""A printed copy's code in plain Chinese: what it says, or why it says nothing."""

from __future__ import annotations

from .print_code import Fault, PrintCode

SAID = {
    Fault.TORN: "打印码残缺，或者不是照原样抄的，无法核验。请把整个二维码拍清楚再试。",
    Fault.FOREIGN: "不是这个交换中心签发的打印码，请到签发它的中心核验。",
    Fault.ALTERED: "打印码已被改动，请不要采信，向发文单位核实。",
}


def lines_of(code: PrintCode) -> list[tuple[str, str]]:
    """What a code says, point by point: each with its name."""
    return [
        ("文号", code.number or "没有文号"),
        ("份号", f"第 {code.copy} 份，该单位可打印 {code.allowance} 份"),
        ("打印单位", code.unit),
        ("打印时间", code.printed_at.replace("T", " ")),
        ("验证印章", f"打印时由{code.unit}的验证印章核对，证书序号 {code.verification:x}"),
        ("日志检查点", f"打印时日志共 {code.log.size} 项，检查点 {code.log}"),
    ]
