"""The repository's own rules: lengths are measured, lock files name no address."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def check_files() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_files", ROOT / "scripts" / "check_files.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(folder: Path, name: str, lines: int) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x\n" * lines)
    return path


def test_over_300_lines_wants_splitting_and_over_500_is_too_long(check_files: ModuleType, tmp_path: Path) -> None:
    paths = [write(tmp_path, f"{lines}.py", lines) for lines in (300, 301, 500, 501)]
    long, too_long = check_files.lengths(paths)
    assert [lines for _, lines in long] == [301, 500]
    assert [lines for _, lines in too_long] == [501]


def test_migrations_and_data_are_not_measured(check_files: ModuleType, tmp_path: Path) -> None:
    paths = [write(tmp_path, name, 600) for name in ("migrations/0001_initial.py", "units.tsv", "LICENSE")]
    assert check_files.lengths(paths) == ([], [])


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.test/simple",
        "  -f /some/wheels",
        "click @ file:///wheels/click.whl",
        "click==8 @ https://example.test/click.whl",
        "--trusted-host example.test",
    ],
)
def test_a_python_lock_with_an_address_is_named(check_files: ModuleType, line: str) -> None:
    assert list(check_files.python_lock_addresses(f"asgiref==3\n{line}\n")) == [f"line 2: {line.strip()}"]


def test_an_npm_lock_with_an_address_or_without_a_digest_is_named(check_files: ModuleType) -> None:
    lock = {
        "packages": {
            "": {"name": "pages"},
            "node_modules/a": {"version": "1", "integrity": "sha512-x"},
            "node_modules/b": {"version": "1", "integrity": "sha512-x", "resolved": "somewhere"},
            "node_modules/c": {"version": "1"},
        }
    }
    faults = list(check_files.npm_lock_addresses(json.dumps(lock)))
    assert faults == ["node_modules/b: has 'resolved'", "node_modules/c: has no 'integrity'"]


def test_the_lock_files_of_this_repository_name_no_address(check_files: ModuleType) -> None:
    assert list(check_files.lock_faults(ROOT)) == []


def test_every_locked_python_package_has_a_digest() -> None:
    for name in ("base", "dev", "lock"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        entries = text.replace("\\\n", "").splitlines()
        assert entries, name
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
