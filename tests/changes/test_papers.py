"""The papers of an application: bounded, encrypted under its own key, kept from the sweeper."""

import os
import time
from pathlib import Path
from urllib.parse import urlparse

import pytest
from django.conf import settings

from support.changes import PDF, Parties
from support.world import alter_blob, blob_path, broken_device
from yichuan.changes.models import Application, Attachment
from yichuan.changes.services.papers import MOST_BYTES, MOST_FILES, Paper, attach, checked, detach, read
from yichuan.common.errors import Invalid, NotFound, Refused, Unavailable
from yichuan.operations.services.settle import BLOB_GRACE_SECONDS, sweep_blobs


def _attached(parties: Parties, draft: Application, number: int = 0, role: str = "other") -> Attachment:
    paper = Paper(role, f"材料{number}.pdf", PDF + f"张三的身份证号{number}".encode())
    return attach(actor=parties.admin["市环保局"], application_id=draft.pk, paper=paper)


def _age(name: str) -> None:
    then = time.time() - BLOB_GRACE_SECONDS - 60
    os.utime(blob_path(name), (then, then))


def test_what_a_paper_says_lies_nowhere_in_the_clear(parties: Parties) -> None:
    kept = _attached(parties, parties.draft("rename"))
    folder = Path(urlparse(settings.YICHUAN_BLOBS_URL).path)
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert "张三的身份证号".encode() not in everything and PDF not in everything
    assert read(actor=parties.admin["市环保局"], application_id=kept.application_id, attachment_id=kept.pk)[1] == (
        PDF + "张三的身份证号0".encode()
    )


def test_the_sweeper_keeps_a_paper_and_takes_one_that_was_left_out(parties: Parties) -> None:
    draft = parties.draft("rename")
    stays, goes = _attached(parties, draft, 1), _attached(parties, draft, 2)
    detach(actor=parties.admin["市环保局"], application_id=draft.pk, attachment_id=goes.pk)
    for each in (stays, goes):
        _age(each.blob)
    sweep_blobs()
    assert blob_path(stays.blob).exists() and not blob_path(goes.blob).exists()


def test_a_paper_that_was_altered_on_the_disk_is_not_shown(parties: Parties) -> None:
    kept = _attached(parties, parties.draft("rename"))
    alter_blob(kept.blob)
    with pytest.raises(Unavailable):
        read(actor=parties.admin["市环保局"], application_id=kept.application_id, attachment_id=kept.pk)


def test_a_paper_of_another_application_is_not_read_through_this_one(parties: Parties) -> None:
    mine, other = parties.draft("rename"), parties.draft("deregister")
    kept = _attached(parties, other)
    with pytest.raises(NotFound):
        read(actor=parties.admin["市环保局"], application_id=mine.pk, attachment_id=kept.pk)
    with pytest.raises(NotFound):
        detach(actor=parties.admin["市环保局"], application_id=mine.pk, attachment_id=kept.pk)


def test_there_are_ten_at_most(parties: Parties) -> None:
    draft = parties.draft("rename", papers=False)
    for number in range(MOST_FILES):
        _attached(parties, draft, number)
    with pytest.raises(Invalid, match="最多 10 个文件"):
        _attached(parties, draft, MOST_FILES)
    assert draft.attachments.count() == MOST_FILES


def test_each_has_its_bound_and_its_role() -> None:
    with pytest.raises(Invalid, match="每个文件不超过 20 MB"):
        checked(Paper("letter", "函.pdf", PDF + b" " * MOST_BYTES))
    with pytest.raises(Invalid, match="请选择这份材料是什么"):
        checked(Paper("anything", "函.pdf", PDF))
    assert checked(Paper("letter", "..\\..\\C:\\函.PDF", PDF)) == ("函.PDF", "application/pdf")


def test_nothing_is_added_while_the_device_does_not_answer(parties: Parties) -> None:
    draft = parties.draft("rename", papers=False)
    with broken_device(), pytest.raises(Unavailable):
        _attached(parties, draft)
    assert not draft.attachments.exists()


def test_a_submitted_application_keeps_its_papers_as_they_are(parties: Parties) -> None:
    application = parties.submitted("rename")
    with pytest.raises(Refused, match="待受理"):
        _attached(parties, application)
