"""What may be done with seals."""

from yichuan.common.permissions import Permission


class SealsPermission(Permission):
    USE = "seals.use", "用印"
    SEE_LEDGER = "seals.see_ledger", "查看用印登记"
    SEE = "seals.see", "查看印章和印章申请"
    APPLY = "seals.apply", "申请制作、变更、销毁印章"
    SIGN_APPLICATION = "seals.sign_application", "签署印章申请"
    APPROVE = "seals.approve", "审批印章申请"
    MAKE = "seals.make", "办理印章制作、变更、销毁"
    WITNESS = "seals.witness", "监督印章制作、变更、销毁"
    ATTEND = "seals.attend", "代表本单位到场办理印章"
    HOLD_VERIFICATION = "seals.hold_verification", "保管验证印章"
    REPORT_LOSS = "seals.report_loss", "报告印章损坏、遗失"
    TAKE_IN = "seals.take_in", "收缴旧印章"
    SET_RULES = "seals.set_rules", "备案本单位印章管理办法"
