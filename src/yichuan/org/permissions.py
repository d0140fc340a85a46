"""What may be done with units and posts."""

from yichuan.common.permissions import Permission


class OrgPermission(Permission):
    SEE_CONTACTS = "org.see_contacts", "查看单位通讯录"
