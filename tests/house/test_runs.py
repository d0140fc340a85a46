"""A test run says the truth about itself: one that shows nothing fails, one for the database takes its tests only."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"


def run(folder: Path, source: str, *options: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(CONFTEST, folder)
    (folder / "test_given.py").write_text(f"import pytest\n{source}")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = django_db\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider", *options, str(folder)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_run_whose_tests_were_all_skipped_fails(tmp_path: Path) -> None:
    done = run(tmp_path, "def test_it(): pytest.skip('not here')")
    assert done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, done.stdout


def test_the_same_holds_with_several_workers(tmp_path: Path) -> None:
    done = run(tmp_path, "def test_it(): pytest.skip('not here')", "-n", "2")
    assert done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, done.stdout


def test_a_run_in_which_one_test_passed_is_a_run(tmp_path: Path) -> None:
    done = run(tmp_path, "def test_it(): pass\n\ndef test_that(): pytest.skip('not here')")
    assert done.returncode == 0, done.stdout


def test_a_run_for_the_database_takes_the_tests_that_use_it(tmp_path: Path) -> None:
    source = (
        "@pytest.fixture\ndef db(): pass\n"
        "@pytest.fixture\ndef unit(db): pass\n"
        "def test_by_fixture(unit): pass\n"
        "@pytest.mark.django_db\ndef test_by_marker(): pass\n"
        "def test_without(): raise AssertionError\n"
        "@pytest.mark.one_database\ndef test_on_one(db): raise AssertionError\n"
    )
    done = run(tmp_path, source, "--database-only")
    assert "2 passed, 2 deselected" in done.stdout
