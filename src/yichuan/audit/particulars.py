"""The particulars of an entry in the words of a clerk.

The log keeps the code's own words, which stay when pages are worded anew. What a coded value is called, the room above
that it comes from knows; config plugs those words in (`YICHUAN_LOG_WORDS`).
"""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

NAMES = {
    "account": "账号",
    "address": "地址",
    "addressable": "可以直接发到",
    "after": "现在的保管人",
    "allowance": "准许份数",
    "application": "申请",
    "asset_number": "资产编号",
    "at": "时间",
    "assignments": "分办来文",
    "attachments": "附件",
    "batch": "批次",
    "before": "原来的保管人",
    "bodies": "正文和附件件数",
    "bottom_line": "下部文字",
    "bytes": "字节",
    "call": "通话",
    "carrier": "载体",
    "cause": "原因",
    "changed": "改动",
    "changes": "改动",
    "corrects": "更正的公文",
    "count": "条数",
    "custodians": "保管人",
    "day": "日期",
    "days": "天数",
    "declared": "已声明不涉密",
    "deliveries": "收文",
    "device": "设备",
    "devices": "设备",
    "difference": "差异",
    "digest": "摘要",
    "disposal": "公文去向",
    "document": "公文",
    "documents": "公文",
    "done": "完成",
    "due_on": "限办日期",
    "duty": "岗位",
    "ended": "结束登录",
    "entry": "记录号",
    "established": "在编",
    "failed": "没有成功",
    "failures": "连续输错",
    "faults": "发现问题",
    "fingerprint_sm3": "指纹",
    "first": "首次设置",
    "for_seals": "可用于印章",
    "former": "原审计员",
    "from": "原来",
    "generation": "密钥代次",
    "giver": "移交人",
    "holder": "持有人",
    "in_place": "代为确认",
    "kept": "保管",
    "key_sm3": "公钥摘要",
    "keys": "密钥",
    "kind": "种类",
    "label": "标识",
    "labels": "密钥",
    "left": "没有导入",
    "locked": "已锁定",
    "lost_at": "发生时间",
    "matter": "事项",
    "made_at": "备份时间",
    "members": "单位",
    "method": "登录方式",
    "minutes": "会签纪要",
    "name": "名称",
    "number": "编号",
    "numbers": "编号",
    "office": "处室",
    "operators": "操作员",
    "opinion": "意见",
    "outcome": "结果",
    "pages": "页数",
    "paper": "纸质来函",
    "paper_items": "纸质件",
    "paper_recipients": "未联网单位",
    "part": "职责",
    "party": "同意方",
    "payload_sm3": "回执内容摘要",
    "people": "人数",
    "permissions": "权限",
    "place": "次序",
    "posts": "岗位数",
    "profile": "交换规则",
    "quorum": "同意人数",
    "reason": "原因",
    "receiver": "收文单位",
    "recipients": "收文单位数",
    "replaced": "替换的天数",
    "request": "申请",
    "required": "只准从登记设备登录",
    "revoked": "吊销证书数",
    "role": "类别",
    "routed": "转送",
    "rows": "行数",
    "scan": "扫描印模",
    "seal": "印章",
    "seals": "印章",
    "sender": "告知谁",
    "serial": "序列号",
    "sessions_ended": "结束登录",
    "shares": "密码份数",
    "signature_sm3": "签名摘要",
    "size": "字节",
    "sm3": "摘要",
    "source": "来源",
    "starts": "启用日期",
    "step": "步骤",
    "subject": "主题",
    "successor": "承接单位",
    "suspended": "已停用账号",
    "suspended_user": "已停用使用人",
    "taker": "接收人",
    "this_update": "列表日期",
    "title": "标题",
    "to": "现在",
    "told": "提醒了",
    "trained_on": "培训日期",
    "unit": "单位",
    "units": "单位数",
    "unreadable": "打不开的",
    "until": "有效到",
    "upload": "上传成品",
    "use": "用途",
    "user": "使用人",
    "username": "账号",
    "verification": "验证印章",
    "uses": "件数",
    "uses_left": "剩余件数",
    "what": "内容",
    "without_call": "未经电话通知",
    "words": "说明",
    "working": "上班",
    "year": "年份",
}


def particulars(detail: dict[str, Any]) -> list[tuple[str, str]]:
    """Name and value of each particular that says something, in the order in which they were recorded."""
    named = ((NAMES.get(key, key), _value(key, value)) for key, value in detail.items())
    return [(name, value) for name, value in named if value]


def _value(key: str, value: Any) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return "是" if value else "否"
        case list():
            return "、".join(_value(key, each) for each in value)
        case dict():
            return "、".join(str(each) for each in value)
        case _:
            words: dict[str, dict[str, str]] = import_string(settings.YICHUAN_LOG_WORDS)
            return words.get(key, {}).get(str(value), str(value))
