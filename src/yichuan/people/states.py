"""The way of an application for a personal certificate (G-28)."""

from yichuan.common.labels import Labelled
from yichuan.common.states import Transition, TransitionTable
from yichuan.people.permissions import PeoplePermission as May


class Carrier(Labelled):
    """What the private key lives on."""

    KEY_FILE = "key_file", "浏览器密钥文件"
    USB_KEY = "usb_key", "USB Key"
    EXTERNAL = "external", "外部证书"


class ApplicationState(Labelled):
    APPLIED = "applied", "待审核"
    APPROVED = "approved", "待领取"
    ISSUED = "issued", "已发证"
    REFUSED = "refused", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"


S = ApplicationState
OPEN = (S.APPLIED, S.APPROVED)

# Withdrawing and collecting are the person's own; the permission is for whoever withdraws in their place.
APPLICATION = TransitionTable(
    "certificate_application",
    {state.value: state.label for state in S},
    [
        Transition("approve", S.APPLIED, S.APPROVED, May.REVIEW_CERTIFICATES, "people.approve_certificate"),
        Transition("map", S.APPLIED, S.ISSUED, May.REVIEW_CERTIFICATES, "people.map_certificate"),
        Transition("refuse", S.APPLIED, S.REFUSED, May.REVIEW_CERTIFICATES, "people.refuse_certificate"),
        Transition("withdraw", S.APPLIED, S.WITHDRAWN, May.APPLY_FOR_OTHERS, "people.withdraw_certificate"),
        Transition("withdraw", S.APPROVED, S.WITHDRAWN, May.APPLY_FOR_OTHERS, "people.withdraw_certificate"),
        Transition("collect", S.APPROVED, S.ISSUED, May.APPLY_FOR_OTHERS, "people.collect_certificate"),
    ],
    noun="这份申请",
)
