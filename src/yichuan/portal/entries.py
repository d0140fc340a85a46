"""The entries of the navigation by duty: what opens each, where it leads, what is counted."""

from collections.abc import Callable
from dataclasses import dataclass, field

from yichuan.common.permissions import Permission
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.selectors import documents_of
from yichuan.compose.states import DocumentState
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import unsigned_count
from yichuan.org.selectors import Desk
from yichuan.people.models import Account

Count = Callable[[Account, Desk | None], int]


def _waiting(state: DocumentState) -> Count:
    return lambda _, desk: documents_of(desk.unit_id, state).count() if desk else 0


@dataclass(frozen=True)
class Child:
    """A line below an open entry; `permission` is None where the entry's own is enough."""

    label: str
    route: str
    permission: Permission | None = None
    count: Count | None = None


@dataclass(frozen=True)
class Entry:
    """One entry: any one of `permissions` opens it (none: everybody); `routes` are those it is lit up for."""

    label: str
    icon: str
    permissions: tuple[Permission, ...]
    children: tuple[Child, ...]
    count: Count | None = None
    hot: bool = False
    routes: frozenset[str] = field(default_factory=frozenset)


ENTRIES = (
    Entry("工作台", "grid-1x2", (), (Child("工作台", "portal:workbench"),)),
    Entry(
        "收文",
        "inbox",
        (ExchangePermission.SEE_INBOX,),
        (Child("收文", "exchange:inbox"),),
        lambda _, desk: unsigned_count(desk.unit_id, desk.office_id) if desk else 0,
        hot=True,
        routes=frozenset(("exchange:delivery", "exchange:sign_for_several")),
    ),
    Entry(
        "发文",
        "send",
        (ComposePermission.SEE,),
        (Child("公文", "compose:outgoing"), Child("发送跟踪", "exchange:sent", ExchangePermission.TRACK)),
        _waiting(DocumentState.SEALED),
        routes=frozenset(
            (
                *(f"compose:{name}" for name in ("new", "import", "edit", "finish", "show", "upload")),
                *(f"exchange:{name}" for name in ("send", "board", "recipient")),
            )
        ),
    ),
    Entry(
        "用印",
        "patch-check",
        (ComposePermission.SEAL,),
        (Child("用印", "compose:to_seal"),),
        _waiting(DocumentState.READY),
        routes=frozenset(("compose:seal",)),
    ),
)
