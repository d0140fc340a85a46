"""What is refused before its body is read."""

from django.test import Client

from support.world import World

MIB = 2**20


def _post(client: Client, address: str, length: int, content_type: str) -> int:
    return client.generic("POST", address, b"x", content_type=content_type, CONTENT_LENGTH=str(length)).status_code


def test_files_of_somebody_who_is_not_logged_in_are_not_read(world: World) -> None:
    assert _post(Client(), "/login/", 61 * MIB, "multipart/form-data; boundary=b") == 413


def test_a_form_longer_than_any_form_is_not_read(world: World) -> None:
    browser = world.browser(world.sending_clerk)
    assert _post(browser, "/documents/new/", 9 * MIB, "application/x-www-form-urlencoded") == 413


def test_files_above_the_limit_are_not_read(world: World) -> None:
    browser = world.browser(world.sending_clerk)
    document = world.draft()
    assert _post(browser, f"/documents/{document.pk}/upload/", 66 * MIB, "multipart/form-data; boundary=b") == 413
