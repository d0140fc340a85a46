"""A database that is restarted or locked is no fault of the page: it says so, and when to come again."""

import pytest
from django.core.handlers.exception import response_for_exception
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory


def answered(exception: Exception) -> HttpResponse:
    request = RequestFactory().get("/inbox/")
    try:
        raise exception
    except Exception as raised:
        return response_for_exception(request, raised)


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_said_in_words_and_without_particulars(fault: type[Exception]) -> None:
    answer = answered(fault("connection to server at db.internal failed"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "暂时连不上数据库" in answer.content.decode()
    assert b"db.internal" not in answer.content


def test_a_fault_of_ours_is_no_matter_of_waiting() -> None:
    answer = answered(RuntimeError("a fault"))
    assert (answer.status_code, answer.get("Retry-After")) == (500, None)
    assert "系统出错" in answer.content.decode()
