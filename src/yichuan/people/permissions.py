"""What may be done with accounts, certificates of persons and devices."""

from yichuan.common.permissions import Permission


class PeoplePermission(Permission):
    REVIEW_CERTIFICATES = "people.review_certificates", "审核数字证书申请"
    SEE_CERTIFICATES = "people.see_certificates", "查看个人数字证书"
    APPLY_FOR_OTHERS = "people.apply_for_others", "代本单位人员申请证书、挂失"
    REVOKE_CERTIFICATES = "people.revoke_certificates", "受理挂失、吊销个人证书"
    REGISTER_DEVICES = "people.register_devices", "登记本单位设备"
    SPOT_CHECK = "people.spot_check", "抽查和封存设备"
    SEE_LOGINS = "people.see_logins", "查看登录情况和告警"
