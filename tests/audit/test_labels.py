"""The acts of the log in a clerk's words."""

import re
from pathlib import Path

import yichuan
from support.printing import print_original
from support.world import World
from yichuan.audit.labels import LABELS, course, said
from yichuan.audit.models import Entry
from yichuan.audit.selectors import history
from yichuan.compose.services.content import read_content
from yichuan.compose.services.save import save
from yichuan.compose.states import DOCUMENT
from yichuan.exchange.states import DELIVERY

SOURCE = Path(next(iter(yichuan.__path__)))


def test_every_act_that_the_code_can_record_has_its_word() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("services/*.py"))
    verbs = set(re.findall(r'verb="([a-z_]+\.[a-z_.]+)"', written)) | {
        row.audit for row in (*DOCUMENT.rows, *DELIVERY.rows)
    }
    assert len(verbs) > 15
    assert verbs - set(LABELS) == set()


def test_what_really_stands_in_the_log_has_its_word(world: World) -> None:
    delivery = world.signed_for(allowance=3)
    print_original(actor=world.clerk["市环保局"], delivery_id=delivery.pk, copies=2)
    assert set(Entry.objects.values_list("verb", flat=True)) - set(LABELS) == set()
    words = [line["text"] for line in course(history([delivery.pk, delivery.dispatch_id]))]
    assert words[0] == "打印原件第 1 至 2 份"
    assert words[-1] == "发送给 1 个单位"


def test_saving_again_and_again_is_one_line(world: World) -> None:
    document = world.draft()
    fields = read_content(document)[0]
    for number in range(3):
        save(actor=world.sending_clerk, document_id=document.pk, fields=fields | {"note": f"附注{number}"})
    assert Entry.objects.filter(verb="compose.save").count() == 1
    assert [line["text"] for line in course(history([document.pk]))] == ["保存草稿", "开始制作"]


def test_an_act_of_tomorrow_is_shown_by_its_code() -> None:
    assert said("records.archive", {}) == "records.archive"
