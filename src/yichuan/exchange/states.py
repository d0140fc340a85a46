"""The states of a delivery (J-32 to J-37), and of a request for a resend or for more prints (J-37)."""

from yichuan.common.labels import Labelled
from yichuan.common.states import Transition, TransitionTable
from yichuan.exchange.permissions import ExchangePermission as May


class DeliveryState(Labelled):
    DELIVERED = "delivered", "未签收"
    SIGNED_FOR = "signed_for", "已签收"
    RECEIVED = "received", "已接收"
    RETURNED = "returned", "已退回"
    WITHDRAWN = "withdrawn", "发文单位已撤回"
    FORWARDED = "forwarded", "已转收发室"
    REPLACED = "replaced", "已重发"


class RequestState(Labelled):
    ASKED = "asked", "待答复"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "不同意"
    WITHDRAWN = "withdrawn", "已收回"


S = DeliveryState

SUPERSEDED = (S.FORWARDED, S.REPLACED)
"""Another delivery took its place, and counts in its stead."""

DELIVERY = TransitionTable(
    "delivery",
    {state.value: state.label for state in DeliveryState},
    [
        Transition("sign_for", S.DELIVERED, S.SIGNED_FOR, May.SIGN_FOR, "exchange.sign_for"),
        Transition("return", S.DELIVERED, S.RETURNED, May.RETURN, "exchange.return"),
        Transition("return", S.SIGNED_FOR, S.RETURNED, May.RETURN, "exchange.return"),
        Transition("print", S.SIGNED_FOR, S.RECEIVED, May.PRINT, "exchange.print_original"),
        Transition("print", S.RECEIVED, S.RECEIVED, May.PRINT, "exchange.print_original"),
        Transition("copy", S.SIGNED_FOR, S.RECEIVED, May.COPY, "exchange.take_copy"),
        Transition("copy", S.RECEIVED, S.RECEIVED, May.COPY, "exchange.take_copy"),
        Transition("read", S.SIGNED_FOR, S.RECEIVED, May.READ, "exchange.read"),
        Transition("read", S.RECEIVED, S.RECEIVED, May.READ, "exchange.read"),
        Transition("forward", S.DELIVERED, S.FORWARDED, May.FORWARD, "exchange.forward"),
        Transition("forward", S.SIGNED_FOR, S.FORWARDED, May.FORWARD, "exchange.forward"),
        Transition("withdraw", S.DELIVERED, S.WITHDRAWN, May.WITHDRAW, "exchange.withdraw"),
        Transition("resend", S.DELIVERED, S.REPLACED, May.ANSWER, "exchange.resend"),
        Transition("resend", S.SIGNED_FOR, S.REPLACED, May.ANSWER, "exchange.resend"),
        Transition("resend", S.RECEIVED, S.REPLACED, May.ANSWER, "exchange.resend"),
    ],
)

R = RequestState

REQUEST = TransitionTable(
    "delivery_request",
    {state.value: state.label for state in RequestState},
    [
        Transition("grant", R.ASKED, R.GRANTED, May.ANSWER, "exchange.grant_request"),
        Transition("refuse", R.ASKED, R.REFUSED, May.ANSWER, "exchange.refuse_request"),
        Transition("withdraw", R.ASKED, R.WITHDRAWN, May.ASK, "exchange.withdraw_request"),
    ],
    noun="这份申请",
)
