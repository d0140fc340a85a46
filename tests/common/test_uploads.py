"""Uploads stay in memory and are bounded."""

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory

LIMIT = 1_000_000


@pytest.fixture(autouse=True)
def small_limit(settings: object) -> None:
    settings.YICHUAN_UPLOAD_LIMIT = LIMIT  # type: ignore[attr-defined]


def _request(*sizes: int) -> object:
    files = [SimpleUploadedFile(f"{number}.txt", b"a" * size) for number, size in enumerate(sizes)]
    return RequestFactory().post("/", {"file": files, "title": "t"})


def test_a_file_is_held_in_memory_however_large() -> None:
    request = _request(LIMIT - 10_000)
    (held,) = request.FILES.getlist("file")  # type: ignore[attr-defined]
    assert isinstance(held, InMemoryUploadedFile)
    assert (held.name, held.size, len(held.read())) == ("0.txt", LIMIT - 10_000, LIMIT - 10_000)
    assert not request.upload_too_large  # type: ignore[attr-defined]


@pytest.mark.parametrize("sizes", [(LIMIT + 1,), (LIMIT // 2, LIMIT // 2 + 1), (LIMIT * 5,)])
def test_more_than_the_limit_in_all_is_marked_and_not_held(sizes: tuple[int, ...]) -> None:
    request = _request(*sizes)
    held = request.FILES.getlist("file")  # type: ignore[attr-defined]
    assert request.upload_too_large  # type: ignore[attr-defined]
    assert sum(len(each.read()) for each in held) <= LIMIT


def test_a_length_that_lies_does_not_help() -> None:
    request = _request(LIMIT * 2)
    request.META["CONTENT_LENGTH"] = str(LIMIT - 1)  # type: ignore[attr-defined]
    held = request.FILES.getlist("file")  # type: ignore[attr-defined]
    assert sum(len(each.read()) for each in held) <= LIMIT
