"""What may be done with applications and batches."""

from yichuan.common.permissions import Permission


class ChangesPermission(Permission):
    SEE = "changes.see", "查看单位申请"
    APPLY = "changes.apply", "提出单位变更申请"
    ACCEPT = "changes.accept", "受理单位申请"
    APPROVE = "changes.approve", "审批单位申请"
    CARRY_OUT = "changes.carry_out", "办理已批准的申请"
    PLAN_BATCHES = "changes.plan_batches", "安排批次、导入报名表"
