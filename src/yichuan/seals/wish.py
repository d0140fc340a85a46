"""What an application for a seal asks for (J-20, J-24): the fields, and what must hold of each by itself.

What needs the centre's own facts (is the imprint approved, does the keeper hold the post) is in
`services/application_facts.py`.
"""

import uuid
from dataclasses import dataclass, replace

from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid
from yichuan.seals.kinds import Carrier, Cause, CustodyRole, Matter, OpeningKind
from yichuan.seals.models import SealApplication

LONGEST_WORDS = 400
MOST_CUSTODIANS = 5
LIMITS = {OpeningKind.DOCUMENT: (1, 1), OpeningKind.COUNT: (2, 200), OpeningKind.PERIOD: (5, 480)}
"""From and to: documents of one opening, for a period minutes."""
CAUSES = {
    Matter.MAKE: (Cause.NEW,),
    Matter.CHANGE: (Cause.DAMAGE, Cause.LOSS, Cause.EXPIRY, Cause.RENAME, Cause.OTHER),
    Matter.DESTROY: (Cause.DAMAGE, Cause.LOSS, Cause.EXPIRY, Cause.RENAME, Cause.OTHER),
}
CERTIFIED = frozenset((Cause.DAMAGE, Cause.LOSS))  # on the unit's written certificate (J-25)


@dataclass(frozen=True)
class Keeper:
    """Somebody who is to keep something of the seal."""

    account_id: uuid.UUID
    role: str = CustodyRole.CUSTODIAN.value


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One application's content. Identifiers are None where the matter needs none."""

    matter: str
    cause: str = Cause.NEW.value
    seal_id: uuid.UUID | None = None
    imprint_id: uuid.UUID | None = None
    words: str = ""
    carrier: str = ""
    keepers: tuple[Keeper, ...] = ()
    quorum: int = 1
    opening_kind: str = OpeningKind.DOCUMENT.value
    opening_limit: int = 1
    verification_holder_id: uuid.UUID | None = None
    attendant_id: uuid.UUID | None = None

    @property
    def makes(self) -> bool:
        """Whether a new seal is to come of it."""
        return self.matter != Matter.DESTROY


def wish_of(application: SealApplication) -> Wish:
    """What this application asks for."""
    return Wish(
        matter=application.matter,
        cause=application.cause,
        seal_id=application.seal_id,
        imprint_id=application.imprint_id,
        words=application.words,
        carrier=application.carrier,
        keepers=tuple(Keeper(uuid.UUID(each["account"]), each["role"]) for each in application.custodians),
        quorum=application.quorum,
        opening_kind=application.opening_kind,
        opening_limit=application.opening_limit,
        verification_holder_id=application.verification_holder_id,
        attendant_id=application.attendant_id,
    )


def write(wish: Wish, application: SealApplication) -> None:
    """Put it into the row; nothing is kept yet."""
    for name in ("matter", "cause", "words", "carrier", "quorum", "opening_kind", "opening_limit"):
        setattr(application, name, getattr(wish, name))
    for name in ("seal_id", "imprint_id", "verification_holder_id", "attendant_id"):
        setattr(application, name, getattr(wish, name))
    application.custodians = [{"account": str(each.account_id), "role": each.role} for each in wish.keepers]


def cleaned(wish: Wish) -> Wish:
    """The same in its proper form: what the matter or the carrier has no place for is left out.

    Raises `Invalid`, one message a field.
    """
    wish = replace(wish, words=wish.words.strip())
    if wish.matter not in list(Matter):
        raise Invalid({"matter": "请选择要制作、变更还是销毁。"})
    errors = _about(wish)
    if wish.makes:
        errors |= _keeping(wish)
    else:
        wish = Wish(
            matter=wish.matter, cause=wish.cause, seal_id=wish.seal_id, words=wish.words, attendant_id=wish.attendant_id
        )
    if wish.matter == Matter.MAKE:
        wish = replace(wish, seal_id=None)
    if wish.quorum == 1:
        wish = replace(wish, opening_kind=OpeningKind.DOCUMENT.value, opening_limit=1)
    if errors:
        raise Invalid(errors)
    return wish


def _about(wish: Wish) -> dict[str, str]:
    errors: dict[str, str] = {}
    if wish.cause not in CAUSES[Matter(wish.matter)]:
        errors["cause"] = "请选择原因。"
    if wish.matter != Matter.MAKE and wish.seal_id is None:
        errors["seal"] = "请选择要办的印章。"
    if wish.makes and wish.imprint_id is None:
        errors["imprint"] = "请选择印模。还没有印模的，先到「印模」里制作并由负责人批准。"
    if len(wish.words) > LONGEST_WORDS:
        errors["words"] = f"说明最多 {LONGEST_WORDS} 个字，现在有 {len(wish.words)} 个字。"
    elif hides_something(wish.words, lines=True):
        errors["words"] = "说明里有看不见的字符，请删掉重新输入。"
    elif wish.cause == Cause.OTHER and not wish.words:
        errors["words"] = "原因选「其他」的，请在说明里写清楚。"
    if wish.attendant_id is None:
        errors["attendant"] = "请选择到场的人。"
    return errors


def _keeping(wish: Wish) -> dict[str, str]:
    errors: dict[str, str] = {}
    ids = [each.account_id for each in wish.keepers]
    if wish.carrier not in list(Carrier):
        errors["carrier"] = "请选择印章的载体。"
    elif not ids:
        errors["keepers"] = "请选择保管人。"
    elif len(set(ids)) != len(ids):
        errors["keepers"] = "载体和密码要由不同的人保管，同一个人不能选两次。"
    elif wish.carrier == Carrier.DEVICE:
        errors |= _in_the_device(wish)
    elif {each.role for each in wish.keepers} not in (
        {CustodyRole.CUSTODIAN},
        {CustodyRole.CARRIER, CustodyRole.PASSWORD},
    ):
        errors["keepers"] = "请选一名保管人，或者载体保管人和密码保管人各一名。"
    elif wish.quorum != 1 or len(ids) > 2 or (len(ids) == 2 and wish.keepers[0].role == CustodyRole.CUSTODIAN):
        errors["keepers"] = "密钥文件和 USB Key 由一人保管，或者载体、密码两人分开保管。"
    if wish.verification_holder_id is None:
        errors["verification_holder"] = "请选择验证印章的保管人。"
    elif wish.verification_holder_id in ids:
        errors["verification_holder"] = "验证印章要由另外的岗位保管，不能和签名印章是同一个人。"
    return errors


def _in_the_device(wish: Wish) -> dict[str, str]:
    """k of n custodians, and for how long they open the seal (J-24)."""
    n = len(wish.keepers)
    if n > MOST_CUSTODIANS or any(each.role != CustodyRole.CUSTODIAN for each in wish.keepers):
        return {"keepers": f"密码设备托管的印章，保管人最多 {MOST_CUSTODIANS} 名。"}
    if not 1 <= wish.quorum <= n:
        return {"quorum": f"每次用印要几名保管人同意，应在 1 到 {n} 之间。"}
    if wish.opening_kind not in list(OpeningKind):
        return {"opening_kind": "请选择每次开启管多久。"}
    low, high = LIMITS[OpeningKind(wish.opening_kind)]
    if wish.quorum > 1 and not low <= wish.opening_limit <= high:
        what = "分钟" if wish.opening_kind == OpeningKind.PERIOD else "件"
        return {"opening_limit": f"每次开启的限度应在 {low} 到 {high} {what}之间。"}
    return {}
