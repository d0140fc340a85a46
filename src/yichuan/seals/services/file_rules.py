"""备案本单位印章管理使用办法 (J-26): one edition after the other; the newest is shown to the unit's custodians."""

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.lib.gm.sm3 import sm3
from yichuan.org.models import Unit
from yichuan.people.models import Account
from yichuan.seals.models import SealRules
from yichuan.seals.permissions import SealsPermission

LONGEST_TITLE, LONGEST_TEXT = 120, 20_000


def file_rules(*, actor: Account, unit: Unit, title: str, text: str) -> SealRules:
    """File an edition. A command; one that says what the last one says is refused."""
    title, text = " ".join(title.split()), text.replace("\r\n", "\n").strip()
    errors = _faults(title, text)
    if errors:
        raise Invalid(errors)
    with command():
        Unit.objects.select_for_update().get(pk=unit.pk)
        check(actor, SealsPermission.SET_RULES, unit)
        last = SealRules.objects.filter(unit=unit).order_by("-filed_at").first()
        if last is not None and (last.title, last.text) == (title, text):
            raise Refused("same_rules", "和已经备案的办法一样，没有再备案一次。")
        filed = SealRules.objects.create(unit=unit, title=title, text=text, filed_by=actor, filed_at=clock.now())
        detail = {"title": title, "digest": sm3(text.encode()).hex()}
        record(verb="seals.file_rules", actor=actor, unit_id=unit.pk, subject=filed, detail=detail)
    return filed


def _faults(title: str, text: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not title or len(title) > LONGEST_TITLE:
        errors["title"] = f"请填写名称，不超过 {LONGEST_TITLE} 个字。"
    elif hides_something(title):
        errors["title"] = "名称里有看不见的字符，请重新填写。"
    if not text:
        errors["text"] = "请填写办法全文。"
    elif len(text) > LONGEST_TEXT:
        errors["text"] = f"全文不超过 {LONGEST_TEXT} 个字，现在有 {len(text)} 个字。"
    elif hides_something(text, lines=True):
        errors["text"] = "全文里有看不见的字符，请重新粘贴为纯文本。"
    return errors
