"""`yichuan backup`: whole or not at all, of one moment, while the centre goes on working."""

import json
import os
import subprocess
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from pytest_django import Settings

from support.backups import at_once, files_in, make, own_store
from support.world import World, blob_path
from yichuan.audit.models import Entry
from yichuan.common import blobs, clock
from yichuan.common.errors import Refused
from yichuan.common.models import Event
from yichuan.compose.services.uploads import attach, detach
from yichuan.operations.services import backup_bodies, backup_database, settle
from yichuan.operations.services.restore import check_backup, choose

__all__ = ["at_once", "own_store"]
pytestmark = pytest.mark.usefixtures("committed_world")


def test_it_holds_the_bodies_that_the_database_names_as_ciphertext_and_no_key(
    committed_world: World, tmp_path: Path, settings: Settings
) -> None:
    world = committed_world
    document = world.draft()
    attach(actor=world.sending_clerk, document_id=document.pk, name="表.csv", data=b"a plain sheet of numbers")
    blobs.store().put([b"named by no row"])
    made = make(tmp_path / "backups")
    kept = files_in(tmp_path / "backups")
    names = set(backup_bodies.referred())
    assert {Path(path).name for path in kept if path.startswith("bodies/")} == names
    assert (made.manifest.bodies, made.copied, made.manifest.missing) == (len(names), len(names), [])
    everything = b"".join(kept.values())
    for plain in (b"a plain sheet of numbers", (settings.SECRETS / "master.key").read_bytes()):
        assert plain not in everything
    entry = Entry.objects.get(verb="operations.backup")
    assert entry.detail["digest"] == made.manifest.digest


def test_a_row_that_names_a_path_instead_of_a_body_leads_nowhere(tmp_path: Path) -> None:
    """It is missing, as it is: neither copied nor taken for one that is there already."""
    secret = tmp_path / "secret"
    secret.write_text("of another program")
    (tmp_path / "bodies").mkdir()
    assert backup_bodies.copy_out(blobs.store(), tmp_path, [str(secret), "../secret"], lambda _: None) == (
        0, [str(secret), "../secret"],
    )  # fmt: skip


def test_nobody_but_the_operator_may_look_into_it(tmp_path: Path) -> None:
    folder = make(tmp_path / "backups").folder.parent
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}


def test_live_sessions_are_not_in_it(committed_world: World, tmp_path: Path) -> None:
    key = committed_world.browser(committed_world.sending_clerk).session.session_key
    assert Session.objects.filter(pk=key).exists()
    made = make(tmp_path / "backups")
    if connection.vendor == "sqlite":
        assert key.encode() not in (made.folder / "database").read_bytes()
    else:
        words = ["pg_restore", "--data-only", "--file=-", str(made.folder / "database")]
        listed = subprocess.run(words, capture_output=True, check=True).stdout
        assert b"COPY public.common_centre" in listed
        assert key.encode() not in listed


@pytest.mark.usefixtures("at_once")
def test_the_next_one_copies_only_what_is_new(committed_world: World, tmp_path: Path) -> None:
    committed_world.draft()
    first = make(tmp_path / "backups")
    committed_world.draft()
    second = make(tmp_path / "backups")
    assert second.copied == second.manifest.bodies - first.manifest.bodies > 0
    assert choose(tmp_path / "backups").folder == second.folder


@pytest.mark.usefixtures("at_once")
def test_of_old_backups_so_many_stay_as_were_wanted_with_the_bodies_they_need(
    committed_world: World, tmp_path: Path
) -> None:
    world, folder = committed_world, tmp_path / "backups"
    document = world.draft()
    attached = attach(actor=world.sending_clerk, document_id=document.pk, name="表.csv", data=b"a,b")
    make(folder)
    second = make(folder)
    detach(actor=world.sending_clerk, document_id=document.pk, attachment_id=attached.pk)
    third = make(folder, keep=2)
    assert third.removed == 1
    assert {path.name for path in folder.glob("2*")} == {second.folder.name, third.folder.name}
    check_backup(choose(folder, second.folder.name), lambda _: None)
    fourth = make(folder, keep=1)
    assert fourth.removed == 2
    assert attached.blob not in {Path(path).name for path in files_in(folder)}
    check_backup(choose(folder), lambda _: None)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("name", ["1-website", "website", "30001122T000000Z.old"])
def test_a_folder_of_somebody_else_is_no_backup_and_stays(tmp_path: Path, name: str) -> None:
    """Other programs have files of that name too."""
    folder = tmp_path / "backups"
    (folder / name).mkdir(parents=True)
    (folder / name / "manifest.json").write_text("{}")
    make(folder)
    last = make(folder, keep=1)
    assert last.removed == 1
    assert (folder / name / "manifest.json").exists()
    assert choose(folder).folder == last.folder


def test_the_backup_just_made_stays_also_where_the_clock_once_ran_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    with clock.fixed_at(clock.now() + timedelta(days=365)):
        ahead = make(folder)
    made = make(folder, keep=1)
    assert made.removed == 1
    assert made.folder.exists() and not ahead.folder.exists()
    check_backup(choose(folder), lambda _: None)


def test_what_is_written_while_it_runs_is_not_half_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another connection commits after the snapshot was taken: neither the copy nor the counts know of it."""
    before, dump = Event.objects.count(), backup_database.dump

    def write() -> None:
        Event.objects.create(at=clock.now(), kind="later", unit_id="0" * 32)
        connection.close()

    def meanwhile(name: str, path: Path) -> None:
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(30)
        dump(name, path)

    monkeypatch.setattr(backup_database, "dump", meanwhile)
    made = make(tmp_path / "backups")
    assert Event.objects.count() == before + 1
    assert made.manifest.counts["common_event"] == before


def test_a_body_that_loses_its_row_meanwhile_is_not_swept_before_it_is_copied(
    committed_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = committed_world
    document = world.draft()
    attached = attach(actor=world.sending_clerk, document_id=document.pk, name="表.csv", data=b"a,b")
    copy_out, swept = backup_bodies.copy_out, []

    def meanwhile(*words: object) -> object:
        detach(actor=world.sending_clerk, document_id=document.pk, attachment_id=attached.pk)
        os.utime(blob_path(attached.blob), (0, 0))
        swept.append(settle.sweep_blobs())
        return copy_out(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(backup_bodies, "copy_out", meanwhile)
    made = make(tmp_path / "backups")
    assert swept == [0]
    assert made.manifest.missing == []
    assert attached.blob in (made.folder / "bodies.txt").read_text().split()
    assert settle.sweep_blobs() == 1, "afterwards it goes"


@pytest.mark.parametrize("place", ["HOME", "SECRETS"])
def test_it_is_not_put_beside_the_data_or_the_keys(place: str, settings: Settings) -> None:
    with pytest.raises(Refused, match="备份不能放在"):
        make(getattr(settings, place) / "backups")


def test_the_manifest_says_which_centre_and_version_it_is_of(committed_world: World, tmp_path: Path) -> None:
    manifest = make(tmp_path / "backups").manifest
    told = json.loads((tmp_path / "backups" / manifest.name / "manifest.json").read_text())
    assert told["sm3"] == manifest.digest
    assert told["manifest"]["centre"] == manifest.centre != ""
    assert manifest.product
    assert "common.0004_hold_sweep" in manifest.migrations
    assert manifest.counts["org_unit"] == len(committed_world.units)
