"""What lib says of an imprint or a scan, in the words of a clerk, beside the field at fault."""

from yichuan.common.errors import Invalid
from yichuan.lib.gongwen.errors import GongwenError

_SCAN, _NAME, _BOTTOM, _FOREIGN, _DIAMETER = "scan", "name", "bottom_line", "foreign", "diameter_mm"
_FIELDS = {"$.name": _NAME, "$.bottom": _BOTTOM, "$.foreign": _FOREIGN, "$.diameter_mm": _DIAMETER}
_WORDS = {
    "imprint_name": (_NAME, "印章名称要有 4 到 32 个字。名称过长排不下的，请上传实物公章的扫描件来制作。"),
    "imprint_bottom": (_BOTTOM, "下方文字最多 12 个字。"),
    "imprint_foreign": (_FOREIGN, "外文名称太长，这么大的印章排不下。请缩短，单词之间空一格。"),
    "imprint_diameter": (_DIAMETER, "直径应在 30 到 60 毫米之间。"),
    "imprint_emblem": (_NAME, "国徽图样文件不能用，请系统管理员检查 YICHUAN_EMBLEM 指的文件。"),
    "scan_format": (_SCAN, "这个文件不是能打开的图片。请上传 PNG、JPG、BMP、TIFF 或 GIF。"),
    "scan_too_large": (_SCAN, "图片太大。请用 600 dpi 以内扫描，只留印模，文件不超过 32 MB。"),
    "scan_damaged": (_SCAN, "图片损坏，打不开。请重新扫描。"),
    "scan_not_red": (_SCAN, "图片里没有红色的印模。请用原色扫描盖在白纸上的实物公章，不要用复印件。"),
    "scan_no_ring": (_SCAN, "没有找到完整的圆形印模。请把公章清晰地盖在白纸上，四周留白，重新扫描。"),
    "scan_not_round": (_SCAN, "印模拍得太斜，不成圆形。请把纸放平，正对着扫描或者拍照。"),
    "scan_too_small": (_SCAN, "印模太小，印文会糊。请用 300 dpi 以上重新扫描。"),
    "scan_diameter": (_DIAMETER, "直径应在 30 到 60 毫米之间，请量实物公章的外沿。"),
    "scan_turn": ("turn", "再转的角度应在 -360 到 360 度之间。"),
}


def in_words(error: GongwenError) -> Invalid:
    """The refusal that a form shows."""
    if error.code == "missing_glyph":
        field = _FIELDS.get(error.path, _NAME)
        return Invalid({field: "印章字体里没有其中的某个字，不能绘制。请换字，或者上传实物公章的扫描件来制作。"})
    field, words = _WORDS[error.code]
    return Invalid({field: words})
