"""Joint documents (联合行文): each unit that signs it puts its own seal on, one after the other in the order of 署名.

Every seal is a signature of its own that leaves the earlier ones as they are (GB/T 33190-2016, 18); what is sealed by
some of them only cannot be sent.
"""

from collections.abc import Sequence

from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.outbox import publish
from yichuan.common.transactions import require_transaction
from yichuan.compose.drafting.content import Fields
from yichuan.compose.models import Document, JointSeal
from yichuan.compose.permissions import ComposePermission
from yichuan.org.models import Unit, UnitName
from yichuan.org.selectors.who_can import holders
from yichuan.people.models import Account
from yichuan.seals.models import SealUse
from yichuan.seals.places import Place, read_places
from yichuan.seals.selectors import size_of


def issuing_units(document: Document, fields: Fields) -> list[tuple[Unit, str]]:
    """The units whose seals the document needs, by the lines of its 署名; empty where it is one unit's alone.

    Raises Invalid on `issuer`: a name that no unit bears now, one that stands there twice, or none of the own unit.
    """
    names = [line.strip() for line in fields.get("issuer", "").splitlines() if line.strip()]
    if len(names) < 2:
        return []
    if len(set(names)) < len(names):
        raise Invalid({"issuer": "署名里有一个机关写了两遍，请去掉一个。"})
    found = {
        each.name: each.unit
        for each in UnitName.objects.filter(name__in=names, valid_to=None, unit__closed_at=None).select_related("unit")
    }
    strange = [name for name in names if name not in found]
    if strange:
        listed = "」「".join(strange)
        said = f"「{listed}」不是使用单位现在的全称，不能联合盖章。请核对名称，或改用纸质联合行文。"
        raise Invalid({"issuer": said})
    if document.unit_id not in {unit.pk for unit in found.values()}:
        raise Invalid({"issuer": "联合行文的署名里没有本单位。由本单位制作的公文，署名里要有本单位。"})
    return [(found[name], name) for name in names]


def set_turns(document: Document, issuers: Sequence[tuple[Unit, str]]) -> None:
    """Write down whose seals a finished document needs, anew each time. A step."""
    require_transaction()
    document.joint_seals.all().delete()
    JointSeal.objects.bulk_create(
        JointSeal(document=document, order=order, unit=unit, name=name)
        for order, (unit, name) in enumerate(issuers, start=1)
    )


def shared_with(actor: Account, document: Document, permission: ComposePermission) -> bool:
    """Whether the person may see or seal a document that another unit made, as one of those who sign it.

    Before it is finished it is its maker's alone.
    """
    if permission not in (ComposePermission.SEE, ComposePermission.SEAL):
        return False
    return any(actor.has_perm(permission, each) for each in document.joint_seals.all())


def turn_of(document: Document) -> JointSeal | None:
    """Whose turn it is; None for a document of one unit, and when all have sealed."""
    return document.joint_seals.select_related("unit").filter(sealed_at=None).order_by("order").first()


def sealing_unit(actor: Account, document: Document) -> Unit:
    """The unit whose seal comes next, which must be one in which the person seals. Refused `not_your_turn`."""
    turn = turn_of(document)
    if turn is None:
        return document.unit
    if not actor.has_perm(ComposePermission.SEAL, turn):
        raise Refused(
            "not_your_turn", f"联合行文按署名次序盖章，现在轮到「{turn.name}」。他们盖好以后，你单位会收到提醒。"
        )
    return turn.unit


def sealed_before(document: Document) -> list[tuple[Place, tuple[float, float]]]:
    """Where the seals of those whose turn is over stand, each with its size in millimetres."""
    uses = [each.use_id for each in document.joint_seals.all() if each.use_id is not None]
    done = SealUse.objects.filter(pk__in=uses).select_related("seal") if uses else ()
    return [(place, size_of(use.seal)) for use in done for place in read_places(use.places)]


def take_turn(document: Document, use: SealUse) -> bool:
    """Write down that the seal whose turn it was is on; whether it was the last. A step, on a locked document."""
    require_transaction()
    turn = turn_of(document)
    if turn is None:
        return True
    if (turn.unit_id, turn.name) != (use.seal.unit_id, use.seal.name):
        raise Refused("not_your_turn", f"现在轮到「{turn.name}」盖章，没有盖成。请刷新页面看最新情况。")
    turn.use_id, turn.sealed_at = use.pk, clock.now()
    turn.save(update_fields=["use_id", "sealed_at"])
    if turn_of(document) is None:
        return True
    call_to_seal(document)
    return False


def call_to_seal(document: Document) -> None:
    """Tell those who seal for the unit whose seal comes next that the document waits for it. A step."""
    require_transaction()
    keepers = holders(ComposePermission.SEAL, (turn_of(document) or document).unit)
    publish("to_seal", [each.account_id for each in keepers], subject_id=document.pk)
