"""Looking at a device and writing down what was found (抽查, P7, G-39)."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.people.models import SpotCheck
from yichuan.people.permissions import PeoplePermission
from yichuan.people.services.devices import locked_device

ITEMS = {
    "registered": "设备、使用人、放置地点与登记一致",
    "network": "没有接入互联网或其他外部网络",
    "secrets": "没有存放涉密文件和内部文件",
    "credentials": "密码和数字证书由本人保管，没有借用",
    "media": "没有使用未登记的移动存储",
    "software": "安全软件正常运行并已更新",
}
LONGEST = 400


def spot_check(*, actor: Actor, device_id: uuid.UUID, well: set[str], findings: str) -> SpotCheck:
    """Keep the record of a check; `well` names the items without a fault. A command."""
    with command():
        device = locked_device(actor, device_id, PeoplePermission.SPOT_CHECK)
        items = {name: name in well for name in ITEMS}
        findings = findings.strip()
        if len(findings) > LONGEST:
            raise Invalid({"findings": f"检查情况最多 {LONGEST} 个字。"})
        if hides_something(findings, lines=True):
            raise Invalid({"findings": "检查情况里有看不见的字符，请删掉后重新输入。"})
        if not findings and not all(items.values()):
            raise Invalid({"findings": "有不符合的项目，请写明检查情况。"})
        check = SpotCheck.objects.create(device=device, at=clock.now(), by_id=actor.pk, items=items, findings=findings)
        faults = [name for name, fine in items.items() if not fine]
        detail = {"faults": faults}
        record(verb="people.spot_check", actor=actor, unit_id=device.unit_id, subject=device, detail=detail)
    return check
