"""The picture that 附件2 brought becomes an imprint: by the operator, under the unit's own name, for its head."""

import pytest

from support.batches import IMPRINTS_HEAD, Planned, planned, xlsx, zipped
from support.scans import drawn, scan
from support.world import World
from yichuan.changes.models import Import
from yichuan.changes.models import Imprint as Picture
from yichuan.changes.services.imprint_make import make_imprint
from yichuan.common.errors import NotFound, Refused
from yichuan.seals.models import Imprint
from yichuan.seals.services.imprint_access import visible
from yichuan.seals.services.imprint_approve import approve


@pytest.fixture
def plan(world: World) -> Planned:
    return planned(world)


def imported(plan: Planned) -> Picture:
    data = scan(turned=9, dpi=200, size_mm=(60, 56), imprint=drawn("江门市环保局"), form="PNG", noise=2)
    sheet = xlsx(IMPRINTS_HEAD, [["市环保局", "章.png", "42"]])
    plan.imported(sheet, Import.Kind.IMPRINTS, pictures=zipped(**{"章.png": data}))
    return Picture.objects.get(replaced_at=None)


@pytest.mark.one_database
def test_the_operator_makes_it_and_the_units_head_approves_it(plan: Planned):
    picture = imported(plan)
    answer = plan.world.browser(plan.operator).post(f"/applications/imprints/{picture.pk}/make/", {"diameter_mm": "42"})
    row = Imprint.objects.get()
    assert answer.status_code == 302 and str(row.pk) in answer["Location"]
    assert (row.unit, row.name, row.made_by) == (picture.unit, "江门市环保局", plan.operator)
    assert row.inputs["scan"]["measured_mm"] == pytest.approx(42, abs=0.3)
    assert plan.world.browser(plan.operator).get(answer["Location"]).status_code == 200
    head = plan.world.appoint_leader("市环保局")
    assert approve(actor=head, imprint_id=row.pk, digest=row.digest).approved_by == head


def test_a_picture_that_was_replaced_is_not_used(plan: Planned):
    first = imported(plan)
    imported(plan)
    with pytest.raises(Refused, match="请用新的"):
        make_imprint(actor=plan.operator, imprint_id=first.pk, diameter_mm=42)


@pytest.mark.one_database
def test_nobody_but_the_operator_makes_imprints_of_them(plan: Planned):
    picture = imported(plan)
    for stranger in (plan.world.leader, plan.world.appoint_custodian("市环保局")):
        with pytest.raises(NotFound):
            make_imprint(actor=stranger, imprint_id=picture.pk, diameter_mm=42)
    row = make_imprint(actor=plan.operator, imprint_id=picture.pk, diameter_mm=42)
    with pytest.raises(NotFound):
        visible(plan.world.leader, row.pk)


@pytest.mark.one_database
def test_a_diameter_that_is_no_number_is_refused_in_words(plan: Planned):
    answer = plan.world.browser(plan.operator).post(
        f"/applications/imprints/{imported(plan).pk}/make/", {"diameter_mm": "大"}
    )
    assert answer.status_code == 422 and "请填写实物公章的直径" in answer.content.decode()
