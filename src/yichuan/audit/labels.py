"""The acts of the log in the words of a clerk."""

from typing import Any

from yichuan.audit.models import Entry

LABELS = {
    "changes.accept": "受理申请",
    "changes.approve": "批准申请",
    "changes.approve_batch": "批准批次名单",
    "changes.attach": "添加申请材料",
    "changes.batch_list_changed": "名单有变动，待重新批准",
    "changes.begin": "起草申请",
    "changes.begin_import": "开始导入",
    "changes.carry_out": "开始办理申请",
    "changes.detach": "去掉申请材料",
    "changes.edit_batch": "修改批次安排",
    "changes.end_import": "导入完成",
    "changes.finish": "办结申请",
    "changes.hand_over": "交付初始密码",
    "changes.look": "查看申请材料",
    "changes.plan_batch": "安排批次",
    "changes.print_slips": "打印初始密码通知单",
    "changes.refuse": "不予批准",
    "changes.register_units": "登记批次单位",
    "changes.remove_import": "删除导入的表格和明细",
    "changes.save": "修改申请",
    "changes.send_back": "退回补正",
    "changes.submit": "提交申请",
    "changes.take_back_seals": "收回旧印章",
    "changes.take_import": "上传导入的表格",
    "changes.withdraw": "撤回申请",
    "compose.begin": "开始制作",
    "compose.save": "保存草稿",
    "compose.attach": "添加附件",
    "compose.detach": "去掉附件",
    "compose.finish": "完成制作",
    "compose.reopen": "退回修改",
    "compose.seal": "盖章",
    "compose.send": "发送",
    "exchange.look": "查看",
    "exchange.send": "发送",
    "exchange.sign_for": "签收",
    "exchange.return": "退回",
    "exchange.settle_return": "处理退回",
    "exchange.print_original": "打印原件",
    "exchange.print_again": "再次生成打印文件",
    "exchange.print_failed": "打印文件没有生成",
    "exchange.take_copy": "脱密下载",
    "exchange.take_over": "移交交换箱",
    "exchange.destroy_key": "销毁交换箱旧密钥",
    "exchange.export": "导出保管的公文",
    "exchange.export_done": "导出完成",
    "exchange.look_at_kept": "查看保管的公文",
    "keys.accept_authority": "信任外部证书",
    "keys.hold_certificate": "挂失证书",
    "keys.import_list": "导入外部吊销列表",
    "keys.issue_certificate": "签发证书",
    "keys.propose_authority": "导入外部证书",
    "keys.release_certificate": "解除证书挂失",
    "keys.renew_certificate": "更新证书",
    "keys.revoke_certificate": "吊销证书",
    "keys.withdraw_authority": "停用外部证书",
    "operations.open_centre": "建立交换中心",
    "org.add_name": "增挂牌子",
    "org.agree_to_auditor": "同意更换审计员",
    "org.appoint": "任命岗位",
    "org.close_unit": "注销单位",
    "org.confirm_change": "审核通过权限变更",
    "org.decline_auditor": "不同意更换审计员",
    "org.dismiss": "免去岗位",
    "org.drop_name": "减少牌子",
    "org.note_at_once": "登记事后审核",
    "org.note_filings": "阅知备案",
    "org.record_training": "登记在编和培训",
    "org.refuse_change": "审核不通过权限变更",
    "org.edit_person": "修改人员登记",
    "org.leave": "办理离岗",
    "org.add_office": "设立处室",
    "org.rename_office": "处室更名",
    "org.move_office": "调整处室次序",
    "org.open_office_box": "开设处室交换箱",
    "org.close_office": "撤销处室",
    "org.hand_over_propose": "提出交接",
    "org.hand_over_confirm": "确认交接",
    "org.hand_over_refuse": "不同意交接",
    "org.hand_over_withdraw": "撤回交接",
    "org.hand_over_done": "完成交接",
    "org.register_person": "登记人员",
    "org.move_staff": "人员转到承接单位",
    "org.register_unit": "登记单位",
    "org.rename_unit": "单位更名",
    "org.replace_auditor": "更换审计员",
    "org.request_change": "申请权限变更",
    "org.set_part": "设定主管单位或承办单位",
    "org.withdraw_change": "撤回权限变更申请",
    "people.acknowledge_alarm": "核实登录告警",
    "people.alarm": "登录告警",
    "people.apply_for_certificate": "申请数字证书",
    "people.approve_certificate": "审核通过数字证书申请",
    "people.bind_device": "绑定设备",
    "people.bind_device_failed": "绑定码不对",
    "people.change_password": "修改密码",
    "people.change_password_failed": "修改密码时原密码不对",
    "people.collect_certificate": "领取数字证书",
    "people.drop_codes": "停用动态口令",
    "people.end_other_sessions": "结束其他登录",
    "people.give_code": "给出设备绑定码",
    "people.log_in": "登录",
    "people.log_in_failed": "登录失败",
    "people.log_out": "退出登录",
    "people.map_certificate": "登记外部证书",
    "people.open_account": "开通账号",
    "people.open_device": "解封设备",
    "people.refuse_certificate": "不通过数字证书申请",
    "people.register_device": "登记设备",
    "people.release_certificate": "解除个人证书挂失",
    "people.renew_certificate": "更新个人证书",
    "people.report_loss": "挂失个人证书",
    "people.require_devices": "设定登录设备要求",
    "people.reset_codes": "重置动态口令",
    "people.reset_password": "恢复初始密码",
    "people.resume": "恢复账号",
    "people.retire_device": "注销设备",
    "people.revoke_certificate": "吊销个人证书",
    "people.seal_off_device": "封存设备",
    "people.set_up_codes": "设置动态口令",
    "people.spot_check": "抽查设备",
    "people.suspend": "停用账号",
    "people.unbind_device": "解除设备绑定",
    "people.unlock": "解除锁定",
    "people.use_recovery_code": "使用恢复码",
    "people.withdraw_certificate": "撤回数字证书申请",
    "people.wrong_code": "动态口令不对",
    "seals.approve": "批准印章申请",
    "seals.approve_opening": "同意开启印章",
    "seals.ask_opening": "申请开启印章",
    "seals.attach_paper": "添加印章申请材料",
    "seals.begin_application": "起草印章申请",
    "seals.begin_use": "开始用印",
    "seals.change_custodians": "更换印章保管人",
    "seals.close": "结束开启印章",
    "seals.destroy": "销毁印章",
    "seals.detach_paper": "去掉印章申请材料",
    "seals.entrust": "登记印章保管人",
    "seals.file_rules": "备案印章管理办法",
    "seals.finish": "办结印章申请",
    "seals.hand_in": "交回旧印章",
    "seals.issue": "制作印章",
    "seals.look_paper": "查看印章申请材料",
    "seals.open": "开启印章",
    "seals.propose": "提出印章申请",
    "seals.refuse": "不批准印章申请",
    "seals.refuse_opening": "不同意开启印章",
    "seals.report_loss": "报告印章损坏、遗失",
    "seals.resume": "恢复使用印章",
    "seals.save_application": "修改印章申请",
    "seals.send_back": "退回印章申请",
    "seals.set_share": "设置保管密码",
    "seals.sign_application": "签署印章申请",
    "seals.suspend": "暂停使用印章",
    "seals.take_in": "收缴损坏的印章",
    "seals.use_done": "用印完成",
    "seals.use_failed": "用印没有完成",
    "seals.withdraw": "停用印章",
    "seals.withdraw_application": "撤回印章申请",
    "seals.wrong_share": "保管密码不对",
}

REPEATED = ("compose.save", "exchange.look")


def said(verb: str, detail: dict[str, Any]) -> str:
    """What was done, with the particulars that a reader of the course wants: copy numbers, recipients, pages."""
    label = LABELS.get(verb, verb)
    if verb == "exchange.print_original" and detail.get("numbers"):
        numbers = detail["numbers"]
        span = f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]} 至 {numbers[-1]}"
        return f"{label}第 {span} 份"
    if verb == "exchange.send" and "recipients" in detail:
        return f"{label}给 {detail['recipients']} 个单位"
    if verb == "compose.finish" and detail.get("upload"):
        return "上传成品"
    return label


def course(entries: list[Entry]) -> list[dict[str, Any]]:
    """The entries, newest first, as the page's 经过 shows them.

    One person's saving or looking again and again is one line, the last time; the log keeps each.
    """
    shown: list[dict[str, Any]] = []
    before: tuple[str, str] | None = None
    for entry in entries:
        this = (entry.verb, entry.actor_name)
        if entry.verb not in REPEATED or this != before:
            text = said(entry.verb, entry.detail)
            shown.append({"at": entry.at, "text": text, "by": entry.actor_name or "系统"})
        before = this
    return shown
