"""`yichuan demo --once --json`: the whole story, from nothing, as a newcomer runs it."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from yichuan.lib.gm.x509 import load_certificates

WANTED = {
    "units": 93, "sent": 1, "deliveries": 92, "signed_for": 2, "printed": 1, "copied": 1, "returned": 1, "receipts": 5,
}  # fmt: skip


def _demo(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _run("demo", *arguments, YICHUAN_HOME=str(home))


def _run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("YICHUAN_H", "YICHUAN_S"))}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "yichuan.cli", *arguments],
        env=environment | settings,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_the_story_ends_well_and_its_document_verifies_anywhere(tmp_path: Path) -> None:
    told = _demo(tmp_path / "demo", "--once", "--json")
    assert told.returncode == 0, told.stderr
    figures = json.loads(told.stdout.splitlines()[-1])
    assert {name: figures[name] for name in WANTED} == WANTED
    document, trust = Path(figures["document"]), Path(figures["trust"])
    assert load_certificates(trust.read_bytes())[0].is_ca
    verified = subprocess.run(
        [sys.executable, "-m", "yichuan.cli", "verify", document, "--trust", trust], timeout=60, check=False
    )
    assert verified.returncode == 0
    looked = _run("doctor", YICHUAN_HOME=str(tmp_path / "demo"))
    assert looked.returncode == 0, looked.stdout


def test_it_does_not_touch_a_folder_that_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "centre").mkdir()
    (tmp_path / "centre" / "kept.txt").write_text("ours", encoding="utf-8")
    told = _demo(tmp_path / "centre", "--once")
    assert told.returncode == 1
    assert "YICHUAN_HOME" in told.stderr
    assert (tmp_path / "centre" / "kept.txt").read_text(encoding="utf-8") == "ours"


def test_a_port_that_is_taken_is_said_before_anything_is_touched(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        told = _demo(tmp_path / "demo", "--port", str(other.getsockname()[1]))
    assert told.returncode == 1
    assert "已被占用" in told.stderr
    assert not (tmp_path / "demo").exists()
