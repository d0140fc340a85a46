"""The entries of the navigation by duty: what opens each, where it leads, what is counted."""

from yichuan.audit.permissions import AuditPermission
from yichuan.changes.permissions import ChangesPermission
from yichuan.compose.permissions import ComposePermission
from yichuan.exchange.permissions import ExchangePermission
from yichuan.keys.permissions import KeysPermission
from yichuan.org.permissions import OrgPermission
from yichuan.people.permissions import PeoplePermission
from yichuan.portal import entry_counts as count
from yichuan.portal.entry import Child, Entry
from yichuan.portal.entry import of_room as _of
from yichuan.portal.seal_entries import SEAL_LINES
from yichuan.seals.permissions import SealsPermission

# Pages that a refused step of an application shows again, under the step's own address.
_STEPS = _of("changes", "attach submit withdraw accept approve send_back refuse carry_out hand_over take_back_seals")
_TRUST = _of("keys", "propose_authorities import_list accept_authority withdraw_authority")
_AUDITOR = Child(
    "更换审计员",
    "org:auditor",
    OrgPermission.REPLACE_AUDITOR,
    count.replacements,
    routes=_of("org", "propose_auditor agree_auditor decline_auditor withdraw_auditor"),
)
_LOGINS = Child(
    "登录情况", "people:logins", PeoplePermission.SEE_LOGINS, count.new_alarms, routes=_of("people", "alarms")
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
        count.unsigned,
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
        count.to_send,
    ),
    Entry(
        "用印",
        "patch-check",
        (ComposePermission.SEAL, SealsPermission.SEE, SealsPermission.HOLD_VERIFICATION),
        SEAL_LINES,
        count.seals,
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
                count.applications,
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
            _LOGINS,
        ),
        lambda user, desk: [*count.applications(user, desk), *count.new_alarms(user, desk)],
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
        count.applications,
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
                count.unfilled,
                routes=_of("exchange", "set_calendar_day fill_calendar load_calendar"),
            ),
        ),
        count.unfilled,
    ),
    Entry("签收情况", "clock-history", (ExchangePermission.SEE_OVERDUE,), (Child("逾期签收", "exchange:overdue"),)),
    Entry(
        "备案",
        "journal-text",
        (OrgPermission.SEE_FILINGS,),
        (
            Child("人员变更备案", "org:filings", count=count.new_filings),
            _AUDITOR,
        ),
        lambda user, desk: [*count.new_filings(user, desk), *count.replacements(user, desk)],
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
        count.replacements,
    ),
    Entry(
        "保密",
        "shield-lock",
        (PeoplePermission.REVIEW_CERTIFICATES,),
        (
            Child(
                "证书申请",
                "people:certificate_applications",
                count=count.certificates,
                routes=_of("people", "certificate_application"),
            ),
            Child("个人证书", "people:certificate_register", routes=_of("people", "person_certificate")),
            Child(
                "证书台账",
                "keys:ledger",
                KeysPermission.SEE_CERTIFICATES,
                routes=_of("keys", "certificate certify_system hold release revoke renew"),
            ),
            Child("单位证书", "org:unit_certificates", KeysPermission.MANAGE_CERTIFICATES, count.uncertified),
            Child("外部信任名单", "keys:trust", KeysPermission.MANAGE_TRUST, routes=_TRUST),
            _LOGINS,
            Child(
                "设备抽查",
                "people:checks",
                PeoplePermission.SPOT_CHECK,
                routes=_of("people", "checked_device spot_check check_report"),
            ),
            Child("停用人员", "org:find_person", OrgPermission.SUSPEND, routes=_of("org", "person")),
            _AUDITOR,
        ),
        lambda user, desk: [
            *count.certificates(user, desk),
            *count.new_alarms(user, desk),
            *count.replacements(user, desk),
        ],
    ),
    Entry(
        "审计",
        "check2-square",
        (OrgPermission.REVIEW_ACCESS, AuditPermission.SEE_LOG),
        (
            Child(
                "权限变更审核",
                "org:reviews",
                OrgPermission.REVIEW_ACCESS,
                count.reviews,
                routes=_of("org", "change review"),
            ),
            Child("日志", "audit:log", AuditPermission.SEE_LOG, routes=_of("audit", "entry checkpoints")),
            Child(
                "核验日志",
                "audit:checks",
                AuditPermission.SEE_LOG,
                count.log_faults,
                routes=_of("audit", "check begin_check"),
            ),
            Child("谁能办什么", "org:who_can", OrgPermission.SEE_ACCESS, routes=_of("org", "person_can")),
        ),
        count=lambda user, desk: [*count.reviews(user, desk), *count.log_faults(user, desk)],
    ),
    Entry(
        "代岗交接",
        "arrow-left-right",
        (),
        (
            Child("代岗", "org:stand_ins", routes=_of("org", "new_stand_in")),
            Child(
                "岗位交接",
                "org:hand_overs",
                count=count.hand_overs,
                routes=_of("org", "new_hand_over hand_over"),
            ),
        ),
        count.hand_overs,
    ),
    Entry(
        "通讯录",
        "people",
        (OrgPermission.SEE_CONTACTS,),
        (Child("通讯录", "org:contacts", routes=_of("org", "contact")),),
    ),
)
