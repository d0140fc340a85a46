"""The names of batches."""

from yichuan.org.batches import batch_name


def test_batches_are_named_as_offices_say_them() -> None:
    assert [batch_name(number) for number in (1, 3, 10, 11)] == ["第一批", "第三批", "第十批", "第11批"]
