"""Opening a centre: its one row, its certificate authority and the keys that are the centre's own."""

from yichuan.audit.services.record import record
from yichuan.common import clock, profile
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, Refused
from yichuan.common.models import Centre
from yichuan.common.transactions import command, require_transaction
from yichuan.exchange.services.calendar_table import today
from yichuan.exchange.services.fill_calendar import fill_at_opening
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.authority import ROOT, open_authority
from yichuan.keys.services.log_key import make_log_key
from yichuan.keys.services.texts import open_text_key
from yichuan.lib.gm.x509 import Certificate
from yichuan.seals.services.publish_status import sign_first_list

LONGEST_NAME = 40  # with what stands behind it in the certificates: RFC 5280 allows 64


def open_centre(name: str, rules: str = profile.UNOPENED) -> Certificate:
    """Open a centre without its people: for the demonstration and for tests. A command; `yichuan init` does more."""
    with command():
        return make_centre(name, rules)


def make_centre(name: str, rules: str) -> Certificate:
    """Write the centre's row and make its keys; the root certificate. A step; a centre is opened once."""
    require_transaction()
    if opened() is not None or IssuedCertificate.objects.filter(label=ROOT).exists():
        raise Refused("opened_already", "这个交换中心已经开通，不能再开通一次。查看现状请运行 yichuan doctor。")
    if errors := _faults(name, rules):
        raise Invalid(errors)
    Centre.objects.create(name=name, profile=rules, opened_at=clock.now())
    root = open_authority(name)
    sign_first_list()
    open_text_key()
    make_log_key()
    fill_at_opening(today().year)
    record(verb="operations.open_centre", actor=None, detail={"name": name, "profile": rules})
    return root


def opened() -> Centre | None:
    """The centre, if it is opened."""
    return Centre.objects.first()


def _faults(name: str, rules: str) -> dict[str, str]:
    errors = {}
    if not name or len(name) > LONGEST_NAME or name != name.strip() or hides_something(name):
        errors["centre"] = f"交换中心的名称应是 1 到 {LONGEST_NAME} 个字，前后没有空格，例如：江门市。"
    if rules not in profile.names():
        errors["profile"] = f"没有「{rules}」这套交换规则，可选的有：{'、'.join(profile.names())}。"
    return errors
