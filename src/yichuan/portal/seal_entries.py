"""The lines of 用印: sealing, custody, and the life of the seals."""

from yichuan.compose.permissions import ComposePermission
from yichuan.compose.selectors import to_seal
from yichuan.org.selectors import Desk
from yichuan.people.models import Account
from yichuan.portal.entry import Child, Counted, of_room
from yichuan.seals.permissions import SealsPermission as May
from yichuan.seals.selectors_applications import waiting_count
from yichuan.seals.selectors_ceremonies import open_for, to_take_over_number
from yichuan.seals.selectors_custody import shares_to_set, waiting_for
from yichuan.seals.selectors_imprints import imprints_to_approve


def _to_seal(user: Account, desk: Desk | None) -> Counted:
    return [to_seal(desk.unit_id).count()] if desk else []


def _openings(user: Account, desk: Desk | None) -> Counted:
    return [waiting_for(user).count()]


def _shares(user: Account, desk: Desk | None) -> Counted:
    return [shares_to_set(user)]


def _ceremonies(user: Account, desk: Desk | None) -> Counted:
    return [open_for(user).count()]


def _applications(user: Account, desk: Desk | None) -> Counted:
    return [waiting_count(user)]


def _imprints(user: Account, desk: Desk | None) -> Counted:
    approves = desk is not None and user.has_perm(May.SIGN_APPLICATION, desk)
    return [imprints_to_approve(desk.unit)] if desk is not None and approves else []


def _verification(user: Account, desk: Desk | None) -> Counted:
    return [to_take_over_number(actor=user.pk)]


SEAL_LINES = (
    Child(
        "待盖章", "compose:to_seal", ComposePermission.SEAL, _to_seal, routes=of_room("compose", "seal seal_several")
    ),
    Child(
        "待我同意",
        "seals:openings",
        (May.USE, May.SIGN_APPLICATION),
        _openings,
        routes=of_room("seals", "opening ask_opening refuse_opening close_opening"),
    ),
    Child("我的保管", "seals:custody", May.USE, _shares, routes=of_room("seals", "share")),
    Child("用印登记", "seals:ledger", May.SEE_LEDGER),
    Child(
        "印章申请",
        "seals:applications",
        May.SEE,
        _applications,
        routes=of_room("seals", "choose_application new_application application edit_application propose")
        | of_room("seals", "approve_application refuse_application send_back_application withdraw_application")
        | of_room("seals", "rules edit_rules rules_edition rules_of_units"),
    ),
    Child("制章会签", "seals:ceremonies", May.SEE, _ceremonies, routes=of_room("seals", "ceremony open_ceremony")),
    Child(
        "印模",
        "seals:imprints",
        (May.APPLY, May.SIGN_APPLICATION),
        _imprints,
        routes=of_room("seals", "draw_imprint scan_imprint imprint compare_imprint approve_imprint drop_imprint"),
    ),
    Child(
        "印章台账",
        "seals:seals",
        May.SEE,
        routes=of_room("seals", "seal report_loss seal_custody change_custodians resume take_in_damaged hand_in"),
    ),
    Child(
        "验证印章",
        "seals:verification_seals",
        May.HOLD_VERIFICATION,
        _verification,
        routes=of_room("seals", "take_verification"),
    ),
)
