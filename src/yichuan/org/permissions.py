"""What may be done with units, posts and the changes of who may do what."""

from yichuan.common.permissions import Permission


class OrgPermission(Permission):
    SEE_CONTACTS = "org.see_contacts", "查看单位通讯录"
    MANAGE_STAFF = "org.manage_staff", "开设账号、登记人员"
    MANAGE_OFFICES = "org.manage_offices", "设置处室和交换箱"
    REQUEST_ACCESS = "org.request_access", "申请变更本单位岗位和权限"
    REQUEST_CENTRE_ACCESS = "org.request_centre_access", "申请变更中心岗位和权限"
    REVIEW_ACCESS = "org.review_access", "审核权限变更"
    APPOINT_STAND_IN = "org.appoint_stand_in", "指定代岗"
    RESET = "org.reset_password", "恢复初始密码、解除锁定"
    SUSPEND = "org.suspend", "停用和恢复人员账号"
    HAND_OVER = "org.hand_over", "发起岗位交接"
    SEE_ACCESS = "org.see_access", "查看谁能办什么"
    SEE_FILINGS = "org.see_filings", "查看人员变更备案"
    REPLACE_AUDITOR = "org.replace_auditor", "更换审计员"
    SET_CENTRE = "org.set_centre", "设定主管单位和承办单位"
