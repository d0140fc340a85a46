"""The states of a delivery (J-32 to J-36)."""

from yichuan.common.labels import Labelled
from yichuan.common.states import Transition, TransitionTable
from yichuan.exchange.permissions import ExchangePermission as May


class DeliveryState(Labelled):
    DELIVERED = "delivered", "未签收"
    SIGNED_FOR = "signed_for", "已签收"
    RECEIVED = "received", "已接收"
    RETURNED = "returned", "已退回"


S = DeliveryState

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
    ],
)
