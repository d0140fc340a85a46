"""First passwords, and changing one's own (J-14, J-16, P2)."""

import pytest
from django.contrib.auth.password_validation import validate_password

from support.world import PASSWORD, World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid
from yichuan.people.models import Account
from yichuan.people.passwords import Argon2id
from yichuan.people.services.change_password import change_password
from yichuan.people.services.open_account import first_password

NEW = "Other-words-2"


def _errors(world: World, **changes: str) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        change_password(account=world.sending_clerk, **({"old": PASSWORD, "new": NEW, "again": NEW} | changes))
    world.sending_clerk.refresh_from_db()
    assert world.sending_clerk.check_password(PASSWORD)
    return refusal.value.errors


def test_the_new_password_works_and_the_change_is_logged(world: World) -> None:
    change_password(account=world.sending_clerk, old=PASSWORD, new=NEW, again=NEW)
    account = Account.objects.get(pk=world.sending_clerk.pk)
    assert account.check_password(NEW)
    assert not account.must_change_password
    assert NEW not in str(Entry.objects.get(verb="people.change_password").detail)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"old": "Wrong-words-1"}, "old"),
        ({"again": "Else-words-3"}, "again"),
        ({"new": PASSWORD, "again": PASSWORD}, "new"),
        ({"new": "Short-1", "again": "Short-1"}, "new"),
        ({"new": "onlysmallletters", "again": "onlysmallletters"}, "new"),
        ({"new": "Clerk-0-xY", "again": "Clerk-0-xY"}, "new"),
        ({"new": "", "again": ""}, "new"),
    ],
    ids=["old is wrong", "not repeated", "not new", "short", "plain", "like the name", "empty"],
)
def test_a_change_that_may_not_be_is_refused_by_its_field(world: World, changes: dict[str, str], field: str) -> None:
    errors = _errors(world, **changes)
    assert list(errors) == [field]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in errors[field]), "in Chinese"


def test_somebody_with_a_first_password_gets_to_no_other_page(world: World) -> None:
    Account.objects.filter(pk=world.sending_clerk.pk).update(must_change_password=True)
    browser = world.browser(world.sending_clerk)
    for address in ("/", "/inbox/", "/documents/new/", "/nav/"):
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/password/")
    assert browser.post("/documents/new/", {"title": "x"}).status_code == 302
    assert browser.get("/password/").status_code == 200
    answer = browser.post("/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert browser.get("/").status_code == 200, "the session goes on"


def test_a_change_ends_the_sessions_of_others(world: World) -> None:
    mine, stolen = world.browser(world.sending_clerk), world.browser(world.sending_clerk)
    mine.post("/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert mine.get("/").status_code == 200
    assert stolen.get("/").status_code == 302


def test_first_passwords_obey_the_rules_and_differ() -> None:
    made = {first_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        validate_password(password)
        assert not set(password) & set("0OoIl1")


def test_what_is_stored_is_argon2id() -> None:
    hasher = Argon2id()
    stored = hasher.encode("Right-words-1", hasher.salt())
    assert stored.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert hasher.verify("Right-words-1", stored)
