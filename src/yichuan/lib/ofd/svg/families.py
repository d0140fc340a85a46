"""Family names for fonts that a document names but does not carry."""

import re

from ..fontfile import FontResource

# Names as documents write them, and the families of the systems that offices run, the nearest first.
_SONG = '"SimSun", "宋体", "Songti SC", "Noto Serif CJK SC", "Noto Serif SC", serif'
_FANG = '"FangSong", "仿宋", "FangSong_GB2312", "仿宋_GB2312", "FandolFang R", "STFangsong", ' + _SONG
_KAI = '"KaiTi", "楷体", "KaiTi_GB2312", "楷体_GB2312", "FandolKai", "STKaiti", ' + _SONG
_HEI = '"SimHei", "黑体", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
_TITLE = f'"FZXiaoBiaoSong-B05S", "方正小标宋简体", "方正小标宋_GBK", {_SONG}'
_MONO = '"Courier New", "Liberation Mono", monospace'
_SANS = 'Arial, "Liberation Sans", "SimHei", "Noto Sans CJK SC", sans-serif'
_ROMAN = f'"Times New Roman", "Liberation Serif", {_SONG}'
_KNOWN = (
    (re.compile(r"小标宋|xiaobiaosong", re.I), _TITLE),
    (re.compile(r"仿宋|fangsong|fandolfang|stfang", re.I), _FANG),
    (re.compile(r"楷|kai", re.I), _KAI),
    (re.compile(r"黑|雅黑|hei|yahei|gothic|等线|dengxian", re.I), _HEI),
    (re.compile(r"宋|song|simsun|ming|明", re.I), _SONG),
    (re.compile(r"courier|mono|consol", re.I), _MONO),
    (re.compile(r"arial|helvetica|sans|calibri|verdana|tahoma", re.I), _SANS),
    (re.compile(r"times|serif|georgia|cambria", re.I), _ROMAN),
)
_UNSAFE = re.compile(r"[^\w \-.]")


def css_families(font: FontResource | None) -> str:
    """A CSS font-family list: the font's own name, then what stands in for it. Free of markup and quotes of its own."""
    if font is None:
        return _SONG
    names = [name for name in (font.name, font.family) if name]
    own = "".join(f'"{_UNSAFE.sub("", name)[:80]}", ' for name in dict.fromkeys(names) if _UNSAFE.sub("", name).strip())
    for pattern, families in _KNOWN:
        if any(pattern.search(name) for name in names):
            return own + families
    return own + (_MONO if font.fixed else _SONG)
