"""What the checks on a PDF's signatures can say beyond the sentences of `ses.findings`, English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass

from yichuan.lib.ses.findings import FINDINGS as SES_FINDINGS
from yichuan.lib.ses.steps import Said, Step, step

TITLES_ZH = {
    "byte_range": "签名覆盖范围",
    "later_changes": "签名后的改动",
}

FINDINGS: dict[str, tuple[str, str]] = {
    # what the signature covers
    "range_whole": ("the whole file is signed", "签名覆盖整个文件"),
    "range_revision": (
        "signed is the file as it was then, {revision} of {revisions} states",
        "签名覆盖签名当时的整个文件（共 {revisions} 个版本中的第 {revision} 个）",
    ),
    "range_broken": ("the signed bytes are not the file: {detail}", "签名覆盖的不是整个文件：{detail}"),
    "bytes_match": ("the signed bytes are unchanged", "签名覆盖的内容未改动"),
    "bytes_differ": ("the signed bytes were changed after signing", "签名覆盖的内容在签名后被改动"),
    "bytes_absent": ("the signature value holds no digest of the file", "签名值中没有文件的摘要"),
    # what was appended
    "changes_none": ("nothing was appended", "签名后没有追加内容"),
    "changes_allowed": ("appended only what may be: {names}", "签名后仅追加了允许的内容：{names}"),
    "changes_data": ("appended only validation data or metadata", "签名后仅追加了验证数据或文档属性"),
    "changes_drawn_anew": (
        "readers were told to draw the form anew from its values",
        "签名后要求阅读软件按填写值重新绘制表单，显示内容可能与签名时不同",
    ),
    "changes_form": ("form fields were filled in after signing: {names}", "签名后填写了表单项：{names}"),
    "changes_unsigned_field": (
        "an empty signature field that shows a picture was added: {names}",
        "签名后增加了显示图样却没有签名的签名域：{names}",
    ),
    "changes_suspicious": ("changed after signing: {detail}", "签名后文件被改动：{detail}"),
    "changes_forbidden": (
        "{names} was appended, which the first signature forbids",
        "追加了首个签名不允许的内容：{names}",
    ),
    "too_complex": ("not compared: {detail}", "文件结构过于复杂，未能比较：{detail}"),
    "not_compared": ("not compared, the signed part is not known", "未作比较：签名覆盖范围不明"),
    # time
    "document_stamp": (
        "a time stamp over the document proves that it was there at {time}",
        "文档时间戳证明签名在 {time} 已经存在",
    ),
    # structure
    "padding": ("the space after the signature value is not empty", "签名值之后的预留空间不为空"),
    "lenient": ("only a forgiving reader opens the file: {detail}", "文件结构有瑕疵，仅能宽松读取：{detail}"),
    "format_unsupported": ("signature format {name} is not checked here", "不支持签名格式 {name}"),
    "read_pades": ("a signature {version} over the file", "数字签名（{version}）结构完整"),
    "algorithm_named": ("{name}", "算法为 {name}"),
    "algorithm_weak": ("{name} no longer resists forgery", "{name} 已不安全"),
    "attributes_false": ("the signed attributes do not fit: {detail}", "签名属性不符：{detail}"),
    "no_seal": (
        "a digital signature (PAdES); its picture is protected by it, an electronic seal is not inside",
        "数字签名（PAdES），图样受签名保护，不含 GB/T 38540 电子印章",
    ),
}


@dataclass(frozen=True, slots=True)
class PdfStep(Step):
    """A step by one of the names above."""

    @property
    def title_zh(self) -> str:
        """What pages call the step."""
        return TITLES_ZH[self.name]


def pdf_step(name: str, ok: bool | None, finding: str, /, **details: object) -> Step:
    """A step that says one of the FINDINGS, here or of `ses`."""
    if finding in SES_FINDINGS:
        made = step(name, ok, finding, **details)
    else:
        english, chinese = FINDINGS[finding]
        shown = {key: str(value)[:400] for key, value in details.items()}
        own = {key: value.chinese for key, value in details.items() if isinstance(value, Said)}
        made = Step(name, ok, english.format_map(shown), chinese.format_map(shown | own), finding)
    return (
        PdfStep(*(getattr(made, each) for each in ("name", "ok", "note", "note_zh", "finding")))
        if (name in TITLES_ZH)
        else made
    )
