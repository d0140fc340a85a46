"""Titles and names rest encrypted in the database."""

import pytest
from django.db import connection

from support.world import TITLE, World, broken_device, forget_caches
from yichuan.common.errors import Unavailable
from yichuan.compose.models import Document
from yichuan.keys.services.texts import open_text, seal_text
from yichuan.lib.gm.errors import GmError


def test_the_column_holds_no_text_and_the_model_does(world: World) -> None:
    document = world.draft()
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM compose_document")
        (stored,) = cursor.fetchone()
    assert TITLE.encode() not in bytes(stored)
    assert Document.objects.get(pk=document.pk).title == TITLE


def test_a_text_moved_to_another_column_does_not_open(world: World) -> None:
    with pytest.raises(GmError):
        open_text(seal_text("标题", "compose.document.title"), "compose.attachment.name")


def test_without_its_device_a_title_is_unavailable_not_an_error(world: World) -> None:
    world.draft()
    forget_caches()
    with broken_device("unwrap"), pytest.raises(Unavailable):
        Document.objects.get()
    assert Document.objects.get().title == TITLE
