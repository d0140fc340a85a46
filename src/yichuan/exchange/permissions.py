"""What may be done with documents on their way."""

from yichuan.common.permissions import Permission


class ExchangePermission(Permission):
    SEE_INBOX = "exchange.see_inbox", "查看收文"
    SIGN_FOR = "exchange.sign_for", "签收"
    RETURN = "exchange.return", "退回"
    PRINT = "exchange.print_original", "打印原件"
    COPY = "exchange.take_copy", "脱密下载"
    TRACK = "exchange.track", "发送跟踪"
    SEE_KEPT = "exchange.see_kept", "查看保管的公文"
    EXPORT_KEPT = "exchange.export_kept", "导出保管的公文"
