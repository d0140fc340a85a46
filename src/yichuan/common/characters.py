"""Characters that a reader does not see, but that change what is read or break what is printed."""

import unicodedata

# Characters that a reader takes for the one before the colon. Only pairs that really meet in names: the scripts that
# lend whole letters, katakana that look like ideographs, and ideographs that differ by a stroke's length.
_PAIRS = """
a:аα b:вβ c:сϲ e:еε h:нһη i:іιı j:ј k:кκ l:|ӏ m:мμ n:ո o:оοօ〇 p:рρ s:ѕ t:тτ u:υ v:ѵν w:ԝω x:хχ y:уγ z:ζ
一:ー―—–─ 二:ニ 三:ミ 八:ハ 口:ロ囗 夕:タ 力:カ 工:エ 卜:ト 千:チ 才:オ 人:亻入 日:曰 己:已巳 未:末 土:士 戊:戌戍
民:⺠ 母:毋 市:巿 东:柬 门:⻔ 长:⻓ 车:⻋ 见:⻅ 贝:⻉ 页:⻚ 风:⻛ 鱼:⻥
"""
_ALIKE = {ord(alike): pair[0] for pair in _PAIRS.split() for alike in pair[2:]}
_UNSEEN = ("Z", "P", "C", "M")  # spaces, punctuation, control and format characters, marks


def hides_something(text: str, *, lines: bool = False) -> bool:
    """Whether the text holds control, format (bidirectional, zero-width) or private
    characters; with `lines`, ends of lines and tabs are allowed."""
    allowed = "\n\r\t" if lines else ""
    return any(unicodedata.category(character)[0] == "C" and character not in allowed for character in text)


def skeleton(text: str) -> str:
    """What is left of a name when everything is taken away that a reader may overlook: width, case, spaces,
    punctuation, and which of two look-alike characters it is. Two names with one skeleton are one name to a reader.

    For comparing only, never for showing.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()).translate(_ALIKE)
    kept = (character for character in folded if unicodedata.category(character)[0] not in _UNSEEN)
    return "".join(kept).replace("rn", "m").replace("0", "o").replace("1", "l")
