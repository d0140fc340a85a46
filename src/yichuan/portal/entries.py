"""The entries of the navigation by duty: what opens each, where it leads, what is counted."""

from collections.abc import Callable
from dataclasses import dataclass, field

from yichuan.audit.permissions import AuditPermission
from yichuan.changes.permissions import ChangesPermission
from yichuan.changes.selectors import waiting_count
from yichuan.common.permissions import Permission
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.selectors import documents_of
from yichuan.compose.states import DocumentState
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import unsigned_count
from yichuan.keys.permissions import KeysPermission
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import Desk
from yichuan.org.selectors.access import changes_to_review
from yichuan.people.models import Account
from yichuan.people.permissions import PeoplePermission
from yichuan.people.selectors_certificates import waiting_for_review

Count = Callable[[Account, Desk | None], int]


def _waiting(state: DocumentState) -> Count:
    return lambda _, desk: documents_of(desk.unit_id, state).count() if desk else 0


def _reviews(user: Account, desk: Desk | None) -> int:
    return changes_to_review().count()


def _certificates(user: Account, desk: Desk | None) -> int:
    return waiting_for_review()


def _of(room: str, names: str) -> frozenset[str]:
    """The routes of a room by their names."""
    return frozenset(f"{room}:{name}" for name in names.split())


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
        (Child("收文", "exchange:inbox"), Child("保管的公文", "exchange:kept", ExchangePermission.SEE_KEPT)),
        lambda _, desk: unsigned_count(desk.unit_id, desk.office_id) if desk else 0,
        hot=True,
        routes=_of("exchange", "delivery sign_for_several kept_box kept_document"),
    ),
    Entry(
        "发文",
        "send",
        (ComposePermission.SEE,),
        (Child("公文", "compose:outgoing"), Child("发送跟踪", "exchange:sent", ExchangePermission.TRACK)),
        _waiting(DocumentState.SEALED),
        routes=_of("compose", "new import edit finish show upload") | _of("exchange", "send board recipient"),
    ),
    Entry(
        "用印",
        "patch-check",
        (ComposePermission.SEAL,),
        (Child("用印", "compose:to_seal"),),
        _waiting(DocumentState.READY),
        routes=_of("compose", "seal"),
    ),
    Entry(
        "单位",
        "building",
        (OrgPermission.MANAGE_STAFF, ChangesPermission.APPLY),
        (
            Child("人员", "org:staff", OrgPermission.MANAGE_STAFF),
            Child("岗位", "org:posts", OrgPermission.MANAGE_STAFF),
            Child("处室和交换箱", "org:offices", OrgPermission.MANAGE_OFFICES),
            Child("权限变更", "org:access", OrgPermission.REQUEST_ACCESS),
            Child("单位变更申请", "changes:list", ChangesPermission.APPLY),
            Child("数字证书", "people:certificate_register", PeoplePermission.SEE_CERTIFICATES),
            Child("设备", "people:devices", PeoplePermission.REGISTER_DEVICES),
            Child("登录情况", "people:logins", PeoplePermission.SEE_LOGINS),
        ),
        routes=_of("org", "open_account person edit_person slip leave ask ask_post change training")
        | _of("changes", "choose new show edit foresee")
        | _of("people", "register_device device checked_device alarms"),
    ),
    Entry(
        "申请",
        "clipboard-data",
        (ChangesPermission.ACCEPT, ChangesPermission.APPROVE, ChangesPermission.CARRY_OUT),
        (Child("单位申请", "changes:list"), Child("批次", "changes:batches")),
        lambda user, _: waiting_count(user),
        routes=_of("changes", "enter enter_kind show edit foresee hand_over new_batch batch batch_plan edit_batch")
        | _of("changes", "imports import imprints"),
    ),
    Entry(
        "备案",
        "journal-text",
        (OrgPermission.SEE_FILINGS,),
        (Child("人员变更备案", "org:filings"), Child("更换审计员", "org:auditor", OrgPermission.REPLACE_AUDITOR)),
    ),
    Entry(
        "系统",
        "grid-1x2",
        (OrgPermission.REQUEST_CENTRE_ACCESS,),
        (
            Child("岗位和权限", "org:centre_access"),
            Child("单位系统管理员", "org:unit_admins", OrgPermission.RESET),
            Child("谁能办什么", "org:who_can", OrgPermission.SEE_ACCESS),
            Child("主管单位和承办单位", "org:centre", OrgPermission.SET_CENTRE),
            Child("更换审计员", "org:auditor", OrgPermission.REPLACE_AUDITOR),
        ),
        routes=_of("org", "ask_centre ask_post change person person_can"),
    ),
    Entry(
        "保密",
        "shield-lock",
        (PeoplePermission.REVIEW_CERTIFICATES,),
        (
            Child("证书申请", "people:certificate_applications", None, _certificates),
            Child("个人证书", "people:certificate_register"),
            Child("证书台账", "keys:ledger", KeysPermission.SEE_CERTIFICATES),
            Child("外部信任名单", "keys:trust", KeysPermission.MANAGE_TRUST),
            Child("登录情况", "people:logins", PeoplePermission.SEE_LOGINS),
            Child("设备抽查", "people:checks", PeoplePermission.SPOT_CHECK),
            Child("停用账号", "org:find_person", OrgPermission.SUSPEND),
            Child("更换审计员", "org:auditor", OrgPermission.REPLACE_AUDITOR),
        ),
        count=_certificates,
        routes=_of("people", "alarms checked_device spot_check check_report") | _of("org", "person"),
    ),
    Entry(
        "审计",
        "check2-square",
        (OrgPermission.REVIEW_ACCESS, AuditPermission.SEE_LOG),
        (
            Child("权限变更审核", "org:reviews", OrgPermission.REVIEW_ACCESS, _reviews),
            Child("日志", "audit:log", AuditPermission.SEE_LOG),
            Child("谁能办什么", "org:who_can", OrgPermission.SEE_ACCESS),
        ),
        count=_reviews,
        routes=_of("org", "change person_can review"),
    ),
    Entry(
        "代岗和交接",
        "people",
        (),
        (Child("代岗", "org:stand_ins"), Child("岗位交接", "org:hand_overs")),
        routes=_of("org", "new_stand_in new_hand_over hand_over"),
    ),
    Entry(
        "通讯录",
        "people",
        (OrgPermission.SEE_CONTACTS,),
        (Child("通讯录", "org:contacts"),),
        routes=_of("org", "contact"),
    ),
)
