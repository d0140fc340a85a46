"""Finding the person for a post: anybody with an account that is in use, whether they hold a post or not."""

from django.db.models import Q

from yichuan.common.prefixes import starting_with
from yichuan.org.models import Staff

SHOWN = 20


def candidates(text: str) -> list[Staff]:
    """People of any unit by the beginning of name, pinyin, initials, or by account."""
    if not text:
        return []
    letters = text.lower()
    ways = [Q(account__username=letters), starting_with("account__name", text)]
    if letters.isascii():
        ways += [starting_with("pinyin", letters), starting_with("initials", letters)]
    found: dict[object, Staff] = {}
    for way in ways:
        rows = Staff.objects.filter(way, account__is_active=True).select_related("account", "unit", "office")[:SHOWN]
        found |= {row.pk: row for row in rows}
    return list(found.values())[:SHOWN]
