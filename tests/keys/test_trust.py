"""Whom documents are verified against: all of it in one question, which says the same as asking one by one."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.certificates import accepted, outside
from support.world import World
from yichuan.keys.selectors import crls
from yichuan.keys.services.trust import trust


def test_only_those_marked_for_seals_are_roots_and_the_lists_of_all_count(world: World) -> None:
    for_seals, for_persons, unlisted = outside(), outside(), outside()
    own = trust().roots
    accepted(world, for_seals, for_seals=True)
    accepted(world, for_persons)
    accepted(world, unlisted, for_seals=True, listed=False)
    with CaptureQueriesContext(connection) as asked:
        trusted = trust()
    assert len(asked) == 1
    added = {each.authority.certificate.der for each in (for_seals, unlisted)}
    assert {each.der for each in trusted.roots[len(own) :]} == added
    assert [each.der for each in trusted.roots[: len(own)]] == [each.der for each in own]
    assert {each.der for each in trusted.lists} == {each.der for each in crls()}
    assert {for_seals.list().this_update, for_persons.list().this_update} <= {one.this_update for one in trusted.lists}
