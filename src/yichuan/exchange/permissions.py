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
    READ = "exchange.read", "接口读取公文"
    FORWARD = "exchange.forward", "转本单位收发室"
    ASSIGN = "exchange.assign", "分办"
    ASK = "exchange.ask", "申请重发、追加份数"
    ANSWER = "exchange.answer", "答复重发、追加份数"
    WITHDRAW = "exchange.withdraw", "撤回公文"
    RECORD_PAPER = "exchange.record_paper", "登记纸质件"
    RECORD_CALL = "exchange.record_call", "登记电话"
    GIVE_LATE_NOTICE = "exchange.give_late_notice", "告知当天晚收"
    CHOOSE_GROUPS = "exchange.choose_groups", "维护收件单位分组"
    SEE_OVERDUE = "exchange.see_overdue", "查看各单位逾期签收"
    SET_CALENDAR = "exchange.set_calendar", "设定工作日历"
    SET_TRACK = "exchange.set_track", "设定单轨双轨"
