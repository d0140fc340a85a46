"""The public verification page, asked by somebody without an account."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

PAGE = "/verify/"


@pytest.fixture
def stranger() -> Client:
    """Somebody in the network without an account."""
    return Client()


def answer_to(client: Client, *files: tuple[str, bytes], **more: Any) -> tuple[int, str]:
    """The status and the page after these files, by name, and other fields were sent."""
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    answer = client.post(PAGE, {"files": sent} | more)
    return answer.status_code, answer.content.decode()
