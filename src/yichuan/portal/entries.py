"""The entries of the navigation by duty: what opens each, where it leads, what is counted."""

from yichuan.audit.permissions import AuditPermission
from yichuan.audit.selectors import faulty_checks
from yichuan.changes.permissions import ChangesPermission
from yichuan.changes.selectors import waiting_count
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.selectors import sealed_number
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_rules import unfilled_year
from yichuan.exchange.selectors_waiting import unsigned_number
from yichuan.exchange.services.calendar_table import today
from yichuan.keys.permissions import KeysPermission
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import Desk
from yichuan.org.selectors.access import changes_to_review
from yichuan.org.selectors.filings import filings
from yichuan.org.selectors.hand_overs import to_confirm_number
from yichuan.org.selectors.unit_certificates import units_without_certificate
from yichuan.people.models import Account
from yichuan.people.permissions import PeoplePermission
from yichuan.people.selectors import alarms
from yichuan.people.selectors_certificates import waiting_for_review
from yichuan.portal.duty_tasks import replacements_for
from yichuan.portal.entry import Child, Counted, Entry, opened_for
from yichuan.portal.entry import of_room as _of
from yichuan.portal.seal_entries import SEAL_LINES
from yichuan.seals.permissions import SealsPermission


def _unsigned(user: Account, desk: Desk | None) -> Counted:
    return [unsigned_number(desk.unit_id, desk.office_id)] if desk else []


def _to_send(user: Account, desk: Desk | None) -> Counted:
    """What waits for sending, to those who may send it."""
    if desk is None or not user.has_perm(ComposePermission.SEND, desk):
        return []
    return [sealed_number(unit=desk.unit_id)]


def _seals(user: Account, desk: Desk | None) -> Counted:
    opened = opened_for(user, desk)
    counts = [line.count for line in SEAL_LINES if line.count and line.opens(opened)]
    return [each for count in counts for each in count(user, desk)]


def _applications(user: Account, desk: Desk | None) -> Counted:
    return [waiting_count(user)]


def _reviews(user: Account, desk: Desk | None) -> Counted:
    return [changes_to_review().count()]


def _certificates(user: Account, desk: Desk | None) -> Counted:
    return [waiting_for_review()]


def _uncertified(user: Account, desk: Desk | None) -> Counted:
    return [units_without_certificate().count()]


def _alarms(user: Account, desk: Desk | None) -> Counted:
    return [alarms(desk.unit_id if desk else None, waiting=True).count()]


def _filings(user: Account, desk: Desk | None) -> Counted:
    return [filings(new_only=True).count()]


def _replacements(user: Account, desk: Desk | None) -> Counted:
    return [len(replacements_for(user))]


def _unfilled(user: Account, desk: Desk | None) -> Counted:
    return [int(user.has_perm(ExchangePermission.SET_CALENDAR, desk) and unfilled_year(today()) is not None)]


def _hand_overs(user: Account, desk: Desk | None) -> Counted:
    return [to_confirm_number(account=user.pk)]


# Pages that a refused step of an application shows again, under the step's own address.
_STEPS = _of("changes", "attach submit withdraw accept approve send_back refuse carry_out hand_over take_back_seals")
_TRUST = _of("keys", "propose_authorities import_list accept_authority withdraw_authority")


def _log_faults(user: Account, desk: Desk | None) -> Counted:
    return [faulty_checks().count()]


_AUDITOR = Child(
    "更换审计员",
    "org:auditor",
    OrgPermission.REPLACE_AUDITOR,
    _replacements,
    routes=_of("org", "propose_auditor agree_auditor decline_auditor withdraw_auditor"),
)
ENTRIES = (
    Entry("工作台", "grid-1x2", (), (Child("工作台", "portal:workbench"),)),
    Entry(
        "收文",
        "inbox",
        (ExchangePermission.SEE_INBOX,),
        (
            Child(
                "收文",
                "exchange:inbox",
                routes=_of(
                    "exchange",
                    "delivery print copy return sign_for_several choose_prints print_several"
                    " assigned assignment inbox_settings",
                ),
            ),
            Child("催签", "exchange:reminders"),
            Child("纸质件", "exchange:paper_in"),
            Child("打印登记", "exchange:printed"),
            Child(
                "保管的公文",
                "exchange:kept",
                ExchangePermission.SEE_KEPT,
                routes=_of("exchange", "kept_box kept_document"),
            ),
            Child("晚收告知", "exchange:late_notices", ExchangePermission.GIVE_LATE_NOTICE),
        ),
        _unsigned,
        hot=True,
    ),
    Entry(
        "发文",
        "send",
        (ComposePermission.SEE,),
        (
            Child(
                "公文",
                "compose:outgoing",
                routes=_of("compose", "new import edit finish show upload") | _of("exchange", "send outgoing_settings"),
            ),
            Child(
                "发送跟踪",
                "exchange:sent",
                ExchangePermission.TRACK,
                routes=_of("exchange", "board recipient sent_settings"),
            ),
            Child(
                "纸质件寄送",
                "exchange:paper_out",
                ExchangePermission.TRACK,
                routes=_of("exchange", "dispatch_paper post_paper"),
            ),
            Child(
                "收件单位分组",
                "exchange:groups",
                ExchangePermission.CHOOSE_GROUPS,
                routes=_of("exchange", "group new_group"),
            ),
        ),
        _to_send,
    ),
    Entry(
        "用印",
        "patch-check",
        (ComposePermission.SEAL, SealsPermission.SEE, SealsPermission.HOLD_VERIFICATION),
        SEAL_LINES,
        _seals,
    ),
    Entry(
        "单位",
        "building",
        (OrgPermission.MANAGE_STAFF, ChangesPermission.APPLY),
        (
            Child(
                "人员",
                "org:staff",
                OrgPermission.MANAGE_STAFF,
                routes=_of("org", "open_account person edit_person slip leave training suspend_person resume_person")
                | _of("org", "unlock_person reset_person"),
            ),
            Child("岗位", "org:posts", OrgPermission.MANAGE_STAFF),
            Child(
                "处室和交换箱",
                "org:offices",
                OrgPermission.MANAGE_OFFICES,
                routes=_of("org", "rename_office move_office open_office_box close_office set_addressable"),
            ),
            Child("权限变更", "org:access", OrgPermission.REQUEST_ACCESS, routes=_of("org", "ask ask_post change")),
            Child("谁能办什么", "org:who_can", OrgPermission.SEE_ACCESS, routes=_of("org", "person_can")),
            Child(
                "单位变更申请",
                "changes:list",
                ChangesPermission.APPLY,
                _applications,
                routes=_of("changes", "choose new show edit foresee") | _STEPS,
            ),
            Child(
                "数字证书",
                "people:certificate_register",
                PeoplePermission.SEE_CERTIFICATES,
                routes=_of("people", "certificate_applications person_certificate certificate_application")
                | _of("people", "apply_certificate hold_certificate"),
            ),
            Child(
                "设备",
                "people:devices",
                PeoplePermission.REGISTER_DEVICES,
                routes=_of("people", "register_device device checked_device device_code require_devices retire_device"),
            ),
            Child("登录情况", "people:logins", PeoplePermission.SEE_LOGINS, _alarms, routes=_of("people", "alarms")),
        ),
        lambda user, desk: [*_applications(user, desk), *_alarms(user, desk)],
    ),
    Entry(
        "申请",
        "clipboard-data",
        (ChangesPermission.ACCEPT, ChangesPermission.APPROVE, ChangesPermission.CARRY_OUT),
        (
            Child("单位申请", "changes:list", routes=_of("changes", "enter enter_kind show edit foresee") | _STEPS),
            Child(
                "批次",
                "changes:batches",
                routes=_of("changes", "new_batch batch batch_plan edit_batch imports import imprints"),
            ),
        ),
        _applications,
    ),
    Entry(
        "交换规则",
        "calendar3",
        (ExchangePermission.SET_CALENDAR, ExchangePermission.SET_TRACK),
        (
            Child("单轨双轨", "exchange:tracks", ExchangePermission.SET_TRACK, routes=_of("exchange", "end_track")),
            Child(
                "工作日历",
                "exchange:calendar",
                ExchangePermission.SET_CALENDAR,
                _unfilled,
                routes=_of("exchange", "set_calendar_day fill_calendar load_calendar"),
            ),
        ),
        _unfilled,
    ),
    Entry("签收情况", "clock-history", (ExchangePermission.SEE_OVERDUE,), (Child("逾期签收", "exchange:overdue"),)),
    Entry(
        "备案",
        "journal-text",
        (OrgPermission.SEE_FILINGS,),
        (
            Child("人员变更备案", "org:filings", count=_filings),
            _AUDITOR,
        ),
        lambda user, desk: [*_filings(user, desk), *_replacements(user, desk)],
    ),
    Entry(
        "系统",
        "gear",
        (OrgPermission.REQUEST_CENTRE_ACCESS,),
        (
            Child("岗位和权限", "org:centre_access", routes=_of("org", "ask_centre ask_post change")),
            Child("单位系统管理员", "org:unit_admins", OrgPermission.RESET, routes=_of("org", "person training")),
            Child("谁能办什么", "org:who_can", OrgPermission.SEE_ACCESS, routes=_of("org", "person_can")),
            Child("主管和承办单位", "org:centre", OrgPermission.SET_CENTRE),
            _AUDITOR,
        ),
        _replacements,
    ),
    Entry(
        "保密",
        "shield-lock",
        (PeoplePermission.REVIEW_CERTIFICATES,),
        (
            Child(
                "证书申请",
                "people:certificate_applications",
                count=_certificates,
                routes=_of("people", "certificate_application"),
            ),
            Child("个人证书", "people:certificate_register", routes=_of("people", "person_certificate")),
            Child(
                "证书台账",
                "keys:ledger",
                KeysPermission.SEE_CERTIFICATES,
                routes=_of("keys", "certificate certify_system hold release revoke renew"),
            ),
            Child("单位证书", "org:unit_certificates", KeysPermission.MANAGE_CERTIFICATES, _uncertified),
            Child("外部信任名单", "keys:trust", KeysPermission.MANAGE_TRUST, routes=_TRUST),
            Child("登录情况", "people:logins", PeoplePermission.SEE_LOGINS, _alarms, routes=_of("people", "alarms")),
            Child(
                "设备抽查",
                "people:checks",
                PeoplePermission.SPOT_CHECK,
                routes=_of("people", "checked_device spot_check check_report"),
            ),
            Child("停用人员", "org:find_person", OrgPermission.SUSPEND, routes=_of("org", "person")),
            _AUDITOR,
        ),
        lambda user, desk: [*_certificates(user, desk), *_alarms(user, desk), *_replacements(user, desk)],
    ),
    Entry(
        "审计",
        "check2-square",
        (OrgPermission.REVIEW_ACCESS, AuditPermission.SEE_LOG),
        (
            Child(
                "权限变更审核", "org:reviews", OrgPermission.REVIEW_ACCESS, _reviews, routes=_of("org", "change review")
            ),
            Child("日志", "audit:log", AuditPermission.SEE_LOG, routes=_of("audit", "entry checkpoints")),
            Child(
                "核验日志",
                "audit:checks",
                AuditPermission.SEE_LOG,
                _log_faults,
                routes=_of("audit", "check begin_check"),
            ),
            Child("谁能办什么", "org:who_can", OrgPermission.SEE_ACCESS, routes=_of("org", "person_can")),
        ),
        count=lambda user, desk: [*_reviews(user, desk), *_log_faults(user, desk)],
    ),
    Entry(
        "代岗交接",
        "arrow-left-right",
        (),
        (
            Child("代岗", "org:stand_ins", routes=_of("org", "new_stand_in")),
            Child("岗位交接", "org:hand_overs", count=_hand_overs, routes=_of("org", "new_hand_over hand_over")),
        ),
        _hand_overs,
    ),
    Entry(
        "通讯录",
        "people",
        (OrgPermission.SEE_CONTACTS,),
        (Child("通讯录", "org:contacts", routes=_of("org", "contact")),),
    ),
)
