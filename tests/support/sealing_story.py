"""Documents that wait for their seal, in a centre that is served beside the test."""

from __future__ import annotations

from itertools import count

from support.world import small_gongwen
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services.finish import finish
from yichuan.compose.services.save import begin
from yichuan.people.models import Account

_numbers = count(301)


def ready(paragraphs: int = 1) -> Document:
    """A finished document of 市府办公室."""
    clerk = Account.objects.get(username="clerk-0")
    gongwen = small_gongwen(f"江府办〔2008〕{next(_numbers)}号")
    gongwen["body"] = gongwen["body"] * paragraphs
    unit = clerk.posts.get().unit
    assert unit is not None
    draft = begin(actor=clerk, unit=unit, fields=from_gongwen(gongwen, kind="通知"), original=gongwen)
    return finish(actor=clerk, document_id=draft.pk)


def long_document() -> Document:
    """One of several pages."""
    return ready(paragraphs=60)
