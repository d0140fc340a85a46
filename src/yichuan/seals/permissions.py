"""What may be done with seals."""

from yichuan.common.permissions import Permission


class SealsPermission(Permission):
    USE = "seals.use", "用印"
    SEE_LEDGER = "seals.see_ledger", "查看用印登记"
