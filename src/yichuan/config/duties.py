"""Which duty opens what (U8, P3): the founding document's three posts."""

from yichuan.compose.permissions import ComposePermission as Compose
from yichuan.exchange.permissions import ExchangePermission as Exchange
from yichuan.org.duties import Duty
from yichuan.org.permissions import OrgPermission as Org
from yichuan.seals.permissions import SealsPermission as Seals

PERMISSIONS = {
    Duty.LEADER: (Compose.SEE, Exchange.SEE_INBOX, Exchange.TRACK, Seals.SEE_LEDGER, Org.SEE_CONTACTS),
    Duty.CLERK: (
        Compose.SEE,
        Compose.WRITE,
        Compose.SEND,
        Exchange.SEE_INBOX,
        Exchange.SIGN_FOR,
        Exchange.RETURN,
        Exchange.PRINT,
        Exchange.COPY,
        Exchange.TRACK,
        Org.SEE_CONTACTS,
    ),
    Duty.CUSTODIAN: (Compose.SEE, Compose.SEAL, Seals.USE, Seals.SEE_LEDGER, Org.SEE_CONTACTS),
}
