"""A program's texts are taken as the form takes them, though no form is made of them."""

import pytest
from django.conf import LazySettings

from yichuan.common.errors import Invalid
from yichuan.compose.drafting.content import FIELDS
from yichuan.compose.forms import DraftForm, fields_of

EMPTY = dict.fromkeys(FIELDS, "") | {"kind": "通知", "urgency": "平件"}
SAID = [
    {},
    {"title": "  关于\r\n监测 的通知 ", "number": " 江环〔2008〕50号", "body": " 一\r\n二 ", "layout": "letter"},
    {"kind": "便条", "urgency": "特急", "layout": "roll"},
    {"title": "长" * 201, "number": "1" * 61, "body": "a\0b", "issuer": "署" * 401},
]


@pytest.mark.django_db
@pytest.mark.parametrize("profile", ["jiangmen-2008", "guangdong-2012"])
@pytest.mark.parametrize("said", SAID, ids=["nothing", "spaces", "choices", "too long"])
def test_both_take_the_same_and_refuse_the_same(settings: LazySettings, profile: str, said: dict[str, str]) -> None:
    settings.YICHUAN_PROFILE = profile
    form = DraftForm(EMPTY | said)
    if form.is_valid():
        assert fields_of(EMPTY | said) == form.to_fields()
        return
    with pytest.raises(Invalid) as refusal:
        fields_of(EMPTY | said)
    assert refusal.value.errors == {name: str(texts[0]) for name, texts in form.errors.items()}
