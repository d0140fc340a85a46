"""The addresses of a list's rows are those that Django gives one by one."""

import uuid
from collections.abc import Iterator

import pytest
from django.urls import reverse, set_script_prefix

from support.pages import render_text
from yichuan.web.addresses import to_each


@pytest.fixture
def below() -> Iterator[str]:
    """The pages stand below an address of their own."""
    set_script_prefix("/yc/")
    yield "/yc/"
    set_script_prefix("/")


def test_a_rows_address_is_what_reverse_says() -> None:
    first, second, dispatch = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    assert to_each("exchange:board")(first) == reverse("exchange:board", args=[first])
    of_dispatch = to_each("exchange:recipient", dispatch)
    assert [of_dispatch(row) for row in (first, second)] == [
        reverse("exchange:recipient", args=[dispatch, row]) for row in (first, second)
    ]


def test_it_follows_where_the_pages_begin_also_after_it_was_kept(below: str) -> None:
    row = uuid.uuid4()
    set_script_prefix("/")
    assert render_text("{% row_url 'exchange:board' row %}", row=row) == f"/sent/{row}/"
    set_script_prefix(below)
    assert render_text("{% row_url 'exchange:board' row %}", row=row) == f"/yc/sent/{row}/"
