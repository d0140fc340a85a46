"""What may be done with the centre's certificates."""

from yichuan.common.permissions import Permission


class KeysPermission(Permission):
    SEE_CERTIFICATES = "keys.see_certificates", "查看证书台账"
    MANAGE_CERTIFICATES = "keys.manage_certificates", "签发、挂失、吊销中心和单位证书"
    MANAGE_TRUST = "keys.manage_trust", "维护外部证书信任名单"
