"""What may be done with the log."""

from yichuan.common.permissions import Permission


class AuditPermission(Permission):
    SEE_LOG = "audit.see_log", "查阅日志"
