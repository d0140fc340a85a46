"""A served centre that goes on sending through its pages while it is copied, and its copy served beside it."""

import json
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
import uuid
from http.cookiejar import CookieJar
from pathlib import Path

from support.served import _free_pair, _wait_for, served, settings_of
from support.world import PASSWORD

SEALED = """
documents = [str(world.sealed().pk) for _ in range(6)]
unit = str(world.units["市环保局"].pk)
told = {"documents": documents, "unit": unit, "clerk": world.sending_clerk.username}
import json; pathlib.Path(sys.argv[1], "told").write_text(json.dumps(told))
"""


class Clerk:
    """The sending clerk in a browser of their own."""

    def __init__(self, url: str, name: str) -> None:
        self._url, self._jar = url, CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        self.page("/login/")
        self._post("/login/", {"username": name, "password": PASSWORD})

    def page(self, path: str) -> str:
        return self._open(path, None)

    def send(self, document: str, unit: str) -> None:
        given = {"key": str(uuid.uuid4()), "main": unit, "allowance": "2", "declared": "on"}
        assert "市环保局" in self._post(f"/documents/{document}/send/", given)

    def _post(self, path: str, given: dict[str, str]) -> str:
        token = next(str(each.value) for each in self._jar if each.name == "csrftoken")
        return self._open(path, urllib.parse.urlencode(given | {"csrfmiddlewaretoken": token}).encode())

    def _open(self, path: str, data: bytes | None) -> str:
        request = urllib.request.Request(self._url + path, data, {"Referer": self._url + path})
        with self._opener.open(request, timeout=60) as answer:
            return str(answer.read().decode())


def _yichuan(home: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "yichuan.cli", *words],
        env=settings_of(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_served_centre_is_copied_while_it_sends_and_its_copy_is_served_beside_it(tmp_path: Path) -> None:
    home, beside, folder = tmp_path / "living", tmp_path / "beside", tmp_path / "backups"
    with served(home, also=SEALED) as centre:
        told = json.loads((home / "told").read_text())
        clerk, documents = Clerk(centre.url, told["clerk"]), told["documents"]
        sent = [documents.pop()]
        clerk.send(sent[0], told["unit"])
        running = subprocess.Popen(
            [sys.executable, "-m", "yichuan.cli", "backup", str(folder)], env=settings_of(home),
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        while running.poll() is None and len(documents) > 1:
            sent.append(documents.pop())
            clerk.send(sent[-1], told["unit"])
        assert running.wait(120) == 0
        assert len(sent) > 1, "it sent meanwhile"

        (beside / "secrets").mkdir(parents=True, mode=0o700)
        shutil.copy2(home / "secrets" / "master.key", beside / "secrets")
        said = _yichuan(beside, "restore", str(folder))
        assert said.count("√") == 4, said
        port = _free_pair()
        copy = subprocess.Popen(
            [sys.executable, "-m", "yichuan.cli", "serve", "--port", str(port)], env=settings_of(beside)
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/login/", copy)
            there = Clerk(f"http://127.0.0.1:{port}", told["clerk"])
            page = f"/documents/{sent[0]}/pages/1.svg"
            assert there.page(page) == clerk.page(page), "its body is opened and drawn"
            last = documents.pop()
            there.send(last, told["unit"])
            clerk.send(last, told["unit"])  # each is a centre of its own
        finally:
            copy.terminate()
            copy.wait(20)
