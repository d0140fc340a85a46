"""Opening a centre: its certificate authority and the keys that are the centre's own."""

from yichuan.audit.services.record import record
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.authority import ROOT, open_authority
from yichuan.keys.services.texts import open_text_key
from yichuan.lib.gm.x509 import Certificate


def open_centre(name: str) -> Certificate:
    """Make the centre's keys and its root certificate. A command; a centre is opened once."""
    with command():
        if IssuedCertificate.objects.filter(label=ROOT).exists():
            raise Refused("opened_already", "这个交换中心已经开通，不能再开通一次。")
        root = open_authority(name)
        open_text_key()
        record(verb="operations.open_centre", actor=None, detail={"name": name})
    return root
