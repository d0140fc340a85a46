"""The database after a test that committed: the migrations' rows and nothing else, though the log refuses to shrink."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction

from support.emptied import empty_database
from support.world import World, build
from yichuan.audit.models import Entry
from yichuan.org.models import Post, Unit
from yichuan.people.models import Account


def test_all_that_was_committed_goes_and_the_migrations_rows_stay(committed_world: World) -> None:
    before = ContentType.objects.count(), Permission.objects.count()
    assert Entry.objects.exists() and Post.objects.exists()
    empty_database()
    for model in (Entry, Post, Unit, Account):
        assert not model.objects.exists(), model
    assert (ContentType.objects.count(), Permission.objects.count()) == before
    connection.check_constraints()


def test_the_log_is_watched_again_afterwards(committed_world: World) -> None:
    empty_database()
    build()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry")
