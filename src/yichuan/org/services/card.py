"""What a person's card says (附件1), as it was typed and as it is kept: in one spelling, with nothing hidden."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid
from yichuan.common.prefixes import starting_with
from yichuan.lib.pinyin import initials, pinyin
from yichuan.org.selectors.contacts import local_number
from yichuan.people.models import Account

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_BETWEEN_IDEOGRAPHS = re.compile(r"(?<=[㐀-鿿]) +(?=[㐀-鿿])")
_PHONE = re.compile(r"\+?\d[\d\s()转,-]{4,38}")
_MOBILE = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True)
class Card:
    """A person's entry in the staff form. Made by `card`, so what it holds is sound."""

    name: str
    title: str
    phone: str
    mobile: str
    mail: str
    local_number: str
    pinyin: str
    initials: str


def card(*, name: str, title: str = "", phone: str = "", mobile: str = "", mail: str = "") -> Card:
    """The card as it is kept. Raises `Invalid`, one message a field."""
    texts = {
        "name": _BETWEEN_IDEOGRAPHS.sub("", plain(name)),
        "title": plain(title),
        "phone": plain(phone),
        "mobile": re.sub(r"[\s-]|^\+?86(?=1)", "", plain(mobile)),
        "mail": plain(mail).lower(),
    }
    errors = {field: message for field, text in texts.items() if (message := _fault(field, text))}
    if errors:
        raise Invalid(errors)
    return Card(
        **texts,
        local_number=local_number(texts["phone"]),
        pinyin=pinyin(texts["name"]).lower()[:120],
        initials=initials(texts["name"]).lower()[:40],
    )


def plain(text: str) -> str:
    """One spelling of what was typed: full-width letters and signs as usual ones, no spaces around."""
    return unicodedata.normalize("NFKC", text).strip()


def free_username(wanted: str, name: str, given: Collection[str] = ()) -> str:
    """The username as it is kept: the one that was typed, else one from the name's pinyin that nobody has.

    `given` are usernames that are taken besides those of the accounts there are.

    Only small Latin letters, digits and `. _ -` stand in it, so that no two look alike. Raises `Invalid`.
    """
    typed = plain(wanted).lower()
    if not typed:
        return suggested_username(name, given)
    if not _USERNAME.fullmatch(typed):
        raise Invalid({"username": "账号用 3 到 40 个小写字母、数字或 . _ -，以字母或数字开头。"})
    if typed in given or Account.objects.filter(username=typed).exists():
        raise Invalid({"username": f"账号「{typed}」已经有人用了，请换一个，例如 {suggested_username(name, given)}。"})
    return typed


def suggested_username(name: str, given: Collection[str] = ()) -> str:
    """A username from the name's pinyin that nobody has yet."""
    letters = re.sub(r"[^a-z0-9]", "", pinyin(plain(name)).lower())[:30]
    stem = letters if len(letters) >= 3 else f"user{letters}"
    taken = {*given, *Account.objects.filter(starting_with("username", stem)).values_list("username", flat=True)}
    number, found = 1, stem
    while found in taken:
        number += 1
        found = f"{stem}{number}"
    return found


def trained(on: date | None, today: date) -> date | None:
    """The day of the training before the post (J-12). Raises `Invalid` for one that has not come yet."""
    if on is not None and on > today:
        raise Invalid({"trained_on": "上岗培训日期还没有到，请填写已经参加培训的日期。"})
    return on


def _fault(field: str, text: str) -> str:
    """What is wrong with one field, or nothing."""
    most = {"name": 40, "title": 60, "phone": 40, "mobile": 40, "mail": 120}[field]
    if hides_something(text):
        return "里面有看不见的字符，请删掉重新输入。"
    if len(text) > most:
        return f"太长了，最多 {most} 个字。"
    if field == "name":
        return _name_fault(text)
    if field == "phone" and text and not _PHONE.fullmatch(text):
        return "办公电话只写数字、区号和分机，例如 0750-3321179。"
    if field == "mobile" and text and not _MOBILE.fullmatch(text):
        return "手机号应是 11 位数字。"
    if field == "mail" and text:
        try:
            validate_email(text)
        except ValidationError:
            return "电子邮箱的写法不对，例如 name@example.gov.cn。"
    return ""


def _name_fault(name: str) -> str:
    if not name:
        return "请填写姓名。"
    written = [character for character in name if character not in "·-' "]
    if not written or not all(_of_a_name(character) for character in written):
        return "姓名只写汉字或拉丁字母，不写数字、标点和别的符号。"
    return ""


def _of_a_name(character: str) -> bool:
    return unicodedata.name(character, "").startswith(("CJK UNIFIED IDEOGRAPH", "LATIN "))
