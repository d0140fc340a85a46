"""专用章: what tells it from the unit's own seal is agreed on, and kept with the seal (S2, S5)."""

import pytest

from support.ceremonies import approved, session
from support.seal_life import Life
from yichuan.common.errors import Invalid
from yichuan.seals.ceremony import rows_of
from yichuan.seals.models import Imprint, Seal


def test_a_seal_for_a_special_use_is_named_as_one_and_is_not_made_twice(life: Life) -> None:
    imprint = life.imprint()
    Imprint.objects.filter(pk=imprint.pk).update(inputs={"bottom_line": "合同专用章"})
    one = session(life, approved(life, imprint_id=imprint.pk))
    assert ("专用章文字", "合同专用章") in {(row.label, row.text) for row in rows_of(one.ceremony.request)}
    one.done()
    assert Seal.objects.get(unit=life.unit).bottom_line == "合同专用章"
    with pytest.raises(Invalid) as refusal:
        life.proposed(imprint_id=imprint.pk)
    assert "imprint" in refusal.value.errors
    life.proposed()  # the unit's own seal is another
