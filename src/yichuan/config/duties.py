"""Which duty opens what (U8, P3, P4): the templates of the posts, and the list of every permission there is."""

from yichuan.audit.permissions import AuditPermission as Audit
from yichuan.changes.permissions import ChangesPermission as Changes
from yichuan.common.permissions import Permission
from yichuan.compose.permissions import ComposePermission as Compose
from yichuan.exchange.permissions import ExchangePermission as Exchange
from yichuan.keys.permissions import KeysPermission as Keys
from yichuan.org.duties import Duty
from yichuan.org.permissions import OrgPermission as Org
from yichuan.people.permissions import PeoplePermission as People
from yichuan.seals.permissions import SealsPermission as Seals

RECEIVING = (
    Exchange.SEE_INBOX,
    Exchange.SIGN_FOR,
    Exchange.RETURN,
    Exchange.PRINT,
    Exchange.COPY,
    Exchange.ASK,
    Exchange.RECORD_PAPER,
    Exchange.RECORD_CALL,
)
SENDING = (Compose.SEND, Exchange.TRACK, Exchange.WITHDRAW, Exchange.ANSWER, Exchange.CHOOSE_GROUPS)
KEEPING = (Exchange.SEE_KEPT, Exchange.EXPORT_KEPT)

PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    Duty.LEADER: (
        Compose.SEE,
        Exchange.SEE_INBOX,
        Exchange.TRACK,
        Exchange.SEE_KEPT,
        Seals.SEE_LEDGER,
        Seals.SEE,
        Seals.SIGN_APPLICATION,
        Seals.REPORT_LOSS,
        Seals.SET_RULES,
        Org.SEE_CONTACTS,
    ),
    Duty.CLERK: (
        Compose.SEE,
        Compose.WRITE,
        *SENDING,
        *RECEIVING,
        Exchange.ASSIGN,
        Exchange.GIVE_LATE_NOTICE,
        Seals.HOLD_VERIFICATION,
        *KEEPING,
        Org.SEE_CONTACTS,
    ),
    Duty.CUSTODIAN: (
        Compose.SEE,
        Compose.SEAL,
        Seals.USE,
        Seals.SEE_LEDGER,
        Seals.SEE,
        Seals.APPLY,
        Seals.ATTEND,
        Seals.REPORT_LOSS,
        Seals.SET_RULES,
        Org.SEE_CONTACTS,
    ),
    Duty.UNIT_ADMIN: (
        Org.SEE_CONTACTS,
        Org.MANAGE_STAFF,
        Org.RESET,
        Org.MANAGE_OFFICES,
        Org.APPOINT_STAND_IN,
        Org.REQUEST_ACCESS,
        Org.SUSPEND,
        Org.HAND_OVER,
        Org.SEE_ACCESS,
        People.REGISTER_DEVICES,
        People.SEE_LOGINS,
        People.SEE_CERTIFICATES,
        People.APPLY_FOR_OTHERS,
        Changes.SEE,
        Changes.APPLY,
    ),
    Duty.RECEIVER: (*RECEIVING, Exchange.FORWARD, Seals.HOLD_VERIFICATION, Org.SEE_CONTACTS),
    Duty.OFFICE_SYSTEM: (
        Compose.SEE,
        Compose.WRITE,
        Compose.SEND,
        Exchange.TRACK,
        Exchange.WITHDRAW,
        Exchange.ANSWER,
        Exchange.SEE_INBOX,
        Exchange.SIGN_FOR,
        Exchange.RETURN,
        Exchange.READ,
        Exchange.ASK,
    ),
    Duty.OFFICE_HEAD: (Exchange.SEE_INBOX, Org.APPOINT_STAND_IN, Org.SEE_CONTACTS),
    Duty.SUPERVISOR: (
        Changes.SEE,
        Changes.APPROVE,
        Seals.SEE,
        Seals.APPROVE,
        Seals.WITNESS,
        Seals.REPORT_LOSS,
        Seals.TAKE_IN,
        Exchange.SEE_OVERDUE,
        Exchange.SET_TRACK,
        Org.SEE_FILINGS,
        Org.REPLACE_AUDITOR,
        Org.SEE_CONTACTS,
    ),
    Duty.OPERATOR: (
        Changes.SEE,
        Changes.ACCEPT,
        Changes.CARRY_OUT,
        Changes.PLAN_BATCHES,
        Seals.SEE,
        Seals.MAKE,
        Seals.REPORT_LOSS,
        Seals.TAKE_IN,
        Exchange.SET_CALENDAR,
        Exchange.SEE_OVERDUE,
        Org.SEE_CONTACTS,
    ),
    Duty.LIAISON: (Org.SEE_CONTACTS,),
    Duty.SYSTEM_ADMIN: (
        Org.REQUEST_CENTRE_ACCESS,
        Org.RESET,
        Org.SET_CENTRE,
        Org.SEE_ACCESS,
        Org.SEE_CONTACTS,
        Org.REPLACE_AUDITOR,
    ),
    Duty.SECURITY_OFFICER: (
        People.REVIEW_CERTIFICATES,
        People.SEE_CERTIFICATES,
        People.REVOKE_CERTIFICATES,
        People.SPOT_CHECK,
        People.SEE_LOGINS,
        Keys.SEE_CERTIFICATES,
        Keys.MANAGE_CERTIFICATES,
        Keys.MANAGE_TRUST,
        Org.SUSPEND,
        Org.SEE_CONTACTS,
        Org.REPLACE_AUDITOR,
    ),
    Duty.AUDITOR: (Audit.SEE_LOG, Org.REVIEW_ACCESS, Org.SEE_ACCESS, Org.SEE_CONTACTS),
}

ALL: tuple[type[Permission], ...] = (Compose, Exchange, Seals, Org, People, Keys, Audit, Changes)
