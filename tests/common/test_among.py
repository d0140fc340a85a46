"""The lookup `__among` finds what `__in` finds, by the same SQL for however many values."""

import uuid

from django.db import connection
from django.db.models import CharField, Q, UUIDField
from django.test.utils import CaptureQueriesContext

from support.world import World
from yichuan.common.among import Several
from yichuan.common.prepared import Prepared
from yichuan.org.models import Unit


def test_it_finds_what_in_finds_of_ids_and_of_words(world: World) -> None:
    ids = [world.units[name].pk for name in ("市环保局", "市卫生局")]
    assert set(Unit.objects.filter(pk__among=[*ids, uuid.uuid4()])) == set(Unit.objects.filter(pk__in=ids))
    words = ["市环保局", "没有'这个\"单位\\", ""]
    assert list(Unit.objects.filter(short_name__among=words)) == [world.units["市环保局"]]
    assert not Unit.objects.filter(pk__among=[]).exists()


def test_the_sql_is_the_same_for_one_and_for_many(world: World) -> None:
    some = [[each.pk for each in world.units.values()][:count] for count in (1, 4)]
    assert str(Unit.objects.filter(pk__among=some[0]).query).count("%s") == 0
    said = [Unit.objects.filter(pk__among=ids).query.sql_with_params()[0] for ids in some]
    assert said[0] == said[1]


def test_a_prepared_query_takes_other_values_and_another_number_of_them_each_time(world: World) -> None:
    ask = Prepared(
        lambda ids, words: Unit.objects.filter(Q(pk__among=ids) | Q(code__among=words)).values_list("pk", flat=True),
        ids=Several(UUIDField()),
        words=Several(CharField()),
    )
    first, second, third = list(world.units.values())[:3]
    with CaptureQueriesContext(connection) as asked:
        assert set(ask(ids=[first.pk], words=[])) == {first.pk}
        assert set(ask(ids={first.pk, second.pk}, words=[third.code])) == {first.pk, second.pk, third.pk}
        assert ask(ids=[], words=[]) == []
    assert len(asked) == 3
