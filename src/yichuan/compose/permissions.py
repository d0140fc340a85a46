"""What may be done with a document before it is sent."""

from yichuan.common.permissions import Permission


class ComposePermission(Permission):
    WRITE = "compose.write", "制作公文"
    SEE = "compose.see", "查看本单位发文"
    SEAL = "compose.seal", "给公文盖章"
    SEND = "compose.send", "发送公文"
