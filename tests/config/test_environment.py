"""Settings from the environment."""

import pytest

from yichuan.config.environment import SettingError, database, page_workers


def test_sqlite_waits_for_the_disk_and_takes_its_lock_at_the_beginning() -> None:
    settings = database("sqlite:////srv/centre.sqlite3")
    assert settings["NAME"] == "/srv/centre.sqlite3"
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in settings["OPTIONS"]["init_command"]


def test_postgresql_keeps_every_part_of_its_address() -> None:
    settings = database("postgres://yc:a%40b@db.intranet:5433/centre?sslmode=verify-full&sslrootcert=/etc/ca.pem")
    named = {name: settings[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert named == {"NAME": "centre", "USER": "yc", "PASSWORD": "a@b", "HOST": "db.intranet", "PORT": "5433"}
    assert settings["OPTIONS"].items() >= {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}.items()
    assert database("postgres:///centre?host=/run/postgresql")["HOST"] == "/run/postgresql"


def test_postgresql_keeps_its_statements_prepared_unless_a_pooler_stands_between() -> None:
    straight, pooled = database("postgres://db/centre"), database("postgres://db/centre?prepared=off")
    assert (straight["OPTIONS"]["server_side_binding"], straight["OPTIONS"]["prepare_threshold"]) == (True, 3)
    assert not straight["DISABLE_SERVER_SIDE_CURSORS"]
    assert (pooled["OPTIONS"]["server_side_binding"], pooled["OPTIONS"]["prepare_threshold"]) == (True, None)
    assert pooled["DISABLE_SERVER_SIDE_CURSORS"]


@pytest.mark.parametrize(
    "url", ["mysql://host/name", "postgres://host/name?sslmod=require", "postgres://host/name?prepared=maybe"]
)
def test_what_is_not_understood_is_refused_by_name(url: str) -> None:
    with pytest.raises(SettingError) as refusal:
        database(url)
    assert str(refusal.value).startswith("YICHUAN_DATABASE_URL: ")


def test_pages_are_served_by_one_process_a_core_beside_postgresql_and_by_one_beside_sqlite(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 16)
    monkeypatch.delenv("PAGES", raising=False)
    assert page_workers("PAGES", "django.db.backends.sqlite3") == 1
    assert page_workers("PAGES", "django.db.backends.postgresql") == 4
    monkeypatch.setenv("PAGES", "9")
    assert page_workers("PAGES", "django.db.backends.sqlite3") == 9


@pytest.mark.parametrize("said", ["0", "65", "two", "-1", "1.5", "1" * 9])
def test_a_number_of_processes_that_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("PAGES", said)
    with pytest.raises(SettingError, match="PAGES"):
        page_workers("PAGES", "django.db.backends.sqlite3")
