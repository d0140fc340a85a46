"""What may stand on an imprint: a present name of this very unit, and nothing of another's (J-9, J-19)."""

import re
import unicodedata

from yichuan.common.characters import hides_something, skeleton
from yichuan.common.errors import Invalid, NotFound
from yichuan.lib.gongwen.imprint import RANKS, Rank, rank_of
from yichuan.org.models import Unit, UnitName

LONGEST_BOTTOM, LONGEST_FOREIGN = 12, 60
SMALLEST_MM = 30
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af（）0-9A-Za-z]+")
_FOREIGN = re.compile(r"[A-Za-z][A-Za-z0-9.,&'()/ -]*")


def present_name(unit: Unit, name_id: int) -> UnitName:
    """A name that the unit carries now; that of another unit is as good as none."""
    found = UnitName.objects.filter(pk=name_id, unit=unit, valid_to=None).first()
    if found is None:
        raise NotFound("no_name", "这不是本单位现在的名称。请从本单位的名称里选择。")
    return found


def rule_for(name: str, bottom_line: str) -> Rank:
    """What the regulation says of the seal. One for a special use (专用章) must differ from the unit's own (article 22
    of 国发〔1999〕25号): it bears a star."""
    rank = RANKS[rank_of(name)]
    return Rank(rank.diameter_mm, "star", f"{rank.rule}；专用章与正式印章要有区别，刊五角星") if bottom_line else rank


def check_diameter(name: str, bottom_line: str, diameter_mm: int) -> None:
    """A government's own seal has one size; others are that large at most."""
    rule = rule_for(name, bottom_line)
    largest = round(rule.diameter_mm)
    fixed = rank_of(name) != "department" and not bottom_line
    if diameter_mm != largest if fixed else not SMALLEST_MM <= diameter_mm <= largest:
        words = f"只能是 {largest} 毫米" if fixed else f"应在 {SMALLEST_MM} 到 {largest} 毫米之间"
        raise Invalid({"diameter_mm": f"直径{words}：{rule.rule}。"})


def check_lines(unit: Unit, name: str, *, bottom_line: str, foreign: str) -> None:
    """Refuse what stands under the name where it is not the unit's to say.

    The bottom line is either the end of the name itself, set straight, or says what a seal for a special use is for.
    """
    errors: dict[str, str] = {}
    if bottom_line and (words := _bottom_fault(unit, name, bottom_line)):
        errors["bottom_line"] = words
    if foreign and (words := _foreign_fault(foreign)):
        errors["foreign"] = words
    if errors:
        raise Invalid(errors)


def is_tail(name: str, bottom_line: str) -> bool:
    """Whether the bottom line is the end of the name, whose front then goes around alone."""
    return bool(bottom_line) and name.endswith(bottom_line) and len(name) - len(bottom_line) >= 4


def _bottom_fault(unit: Unit, name: str, text: str) -> str:
    if len(text) > LONGEST_BOTTOM:
        return f"下方文字最多 {LONGEST_BOTTOM} 个字。"
    if hides_something(text) or unicodedata.normalize("NFC", text) != text or not _CHINESE.fullmatch(text):
        return "下方文字里有看不见的、形近的或者别的文字的字符。请只用汉字、数字、字母和括号，重新输入。"
    if is_tail(name, text):
        return ""
    if not text.endswith("章"):
        return "下方文字应是单位名称的后段（如“办公室”），或者以“章”字结尾的专用章名称（如“合同专用章”）。"
    return _other_unit_in(unit, text)


def _other_unit_in(unit: Unit, text: str) -> str:
    """Another unit's name, whole or short, inside the text as a reader sees it, once the unit's own are out of it."""
    seen = skeleton(text)
    names = UnitName.objects.filter(valid_to=None, unit__closed_at=None)
    for own in names.filter(unit=unit):
        for each in (own.name, own.short_name):
            seen = seen.replace(skeleton(each), " ")
    for other in names.exclude(unit=unit).values_list("name", "short_name"):
        for each in other:
            if (bare := skeleton(each)) and bare in seen:
                return f"下方文字里有另一个单位的名称「{each}」，不能用。"
    return ""


def _foreign_fault(text: str) -> str:
    if len(text) > LONGEST_FOREIGN or "  " in text:
        return f"外文名称最多 {LONGEST_FOREIGN} 个字符，单词之间空一格。"
    if hides_something(text) or not _FOREIGN.fullmatch(text):
        return "外文名称只能用英文字母、数字和常用标点。形近的别种字母也不行，请重新输入。"
    return ""
