"""A person at the pages, for what no office system can do: printing originals, and sealing in the device."""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from http.cookiejar import CookieJar

PDF = "application/pdf"


class CutError(Exception):
    """No answer, or one that says to come again."""


class Person:
    """One person in one browser, who presses one thing after the other, whatever thread asks: a centre ends the session
    of whoever logs in elsewhere."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url, self._name, self._password = url, username, password
        self._jar, self._alone = CookieJar(), threading.Lock()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def put_seal(self, document: str, seal: str) -> None:
        """Press 盖章; whether it was done, the document says. Raises `CutError`."""
        self._press(f"/documents/{document}/seal/", {"seal": seal, "page": "1", "x": "140", "y": "220"})

    def print_originals(self, delivery: str, copies: int, key: str, words: str) -> str:
        """Press 打印: "" where the file came, otherwise what the page says. Raises `CutError`."""
        given = {"copies": str(copies), "key": key, "password": words}
        media, said = self._press(f"/deliveries/{delivery}/print/", given)
        if media == PDF:
            return "" if said.startswith(b"%PDF") else "not a whole file"
        text = said.decode()
        if "份数已退还" in text or "正在生成" in text:
            raise CutError("interrupted")
        found = re.search(r"允许打印[^<]*剩余[^<]*", text)
        return found.group(0) if found else text[:2000]

    def copy(self, delivery: str) -> bool:
        """Press 脱密下载: whether a file came. Raises `CutError`."""
        return self._press(f"/deliveries/{delivery}/copy/", {})[0] == PDF

    def see(self, path: str) -> tuple[str, bytes]:
        """Media type and bytes of what stands there, whatever it is. Raises `CutError`."""
        return self._press(path, None)

    def _press(self, path: str, given: dict[str, str] | None) -> tuple[str, bytes]:
        """What the page answers to a form, or shows where nothing is given."""
        with self._alone:
            if not any(each.name == "sessionid" for each in self._jar):
                self._log_in()
            media, said = self._ask(path) if given is None else self._post(path, given)
            if b'name="username"' in said:  # the session is over
                self._jar.clear()
                raise CutError("logged out")
            return media, said

    def _log_in(self) -> None:
        self._jar.clear()
        self._post("/login/", {"username": self._name, "password": self._password}, first="/login/")
        if not any(each.name == "sessionid" for each in self._jar):
            raise CutError("not logged in")

    def _post(self, path: str, given: dict[str, str], first: str = "") -> tuple[str, bytes]:
        if first:
            self._ask(first)
        token = next((each.value for each in self._jar if each.name == "csrftoken"), "")
        data = urllib.parse.urlencode(given | {"csrfmiddlewaretoken": str(token)}).encode()
        return self._ask(path, data)

    def _ask(self, path: str, data: bytes | None = None) -> tuple[str, bytes]:
        request = urllib.request.Request(self._url + path, data, {"Referer": self._url + path})  # noqa: S310 - loopback
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.headers.get_content_type(), answer.read()
        except urllib.error.HTTPError as error:
            with error:
                if error.code >= 500:
                    raise CutError(f"{error.code}") from None
                return error.headers.get_content_type(), error.read()
        except (OSError, HTTPException) as error:
            raise CutError(str(error)) from error
