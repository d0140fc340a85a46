"""A small client of the interface for office systems. Python 3.11, its standard library alone; take it along as it is.

    centre = Centre("https://centre.example/api/v1", client_id, secret)
    made = centre.post("/documents", {"title": "关于检查的通知", "number": "江环〔2008〕7号"}, key="oa-4711")
    for line in centre.box(): ...

What the centre refuses is raised as `Problem`. A request whose answer was lost is made again under the same key.
"""

import base64
import hmac
import io
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.message import Message
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, BinaryIO

Json = dict[str, Any]
BYTES, JSON, PART = "application/octet-stream", "application/json", "application/offset+octet-stream"
FORM = "application/x-www-form-urlencoded"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
FRESH = 5 * 60  # seconds for which a call of a webhook counts


class Problem(Exception):
    """What the centre refused (RFC 9457): `code` of the documented list, `detail` for a clerk, `errors` by field."""

    def __init__(self, status: int, told: Json, wait: str = "") -> None:
        self.status, self.code = status, str(told.get("code", ""))
        self.wait = int(wait) if wait.isdigit() else None  # seconds, where the centre said so
        self.detail, self.errors = str(told.get("detail", "")), dict(told.get("errors", {}))
        super().__init__(f"{status} {self.code}: {self.detail} {self.errors or ''}".strip())


class Unreachable(Exception):
    """The centre did not answer, however often it was asked. The same request may be made again under its key."""


class NotGenuine(Exception):
    """What came to the webhook is not a call of the centre, or not one of now."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token goes to the centre and nowhere else."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Never."""


class Centre:
    """One centre, asked in the name of one client. Not for several threads at once."""

    def __init__(self, api: str, client_id: str, secret: str, *, tries: int = 5, timeout: float = 60) -> None:
        """`api` ends in /api/v1. Raises ValueError where the secret would travel in the clear."""
        parts = urllib.parse.urlsplit(api)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError(f"{api} is not https")
        self.api, self._tries, self._timeout = api.rstrip("/"), tries, timeout
        self._basic = "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        self._token, self._until = "", 0.0
        self._opener = urllib.request.build_opener(_NoRedirect)

    def get(self, path: str, **query: str | int) -> Any:
        """What there is at `path`, as JSON."""
        return self._json("GET", _with(path, query))

    def put(self, path: str, body: Json) -> Any:
        """Sets what is at `path`; again changes nothing."""
        return self._json("PUT", path, json.dumps(body).encode(), {"Content-Type": JSON})

    def delete(self, path: str) -> Any:
        """Takes away what is at `path`."""
        return self._json("DELETE", path)

    def post(self, path: str, body: Json | None = None, *, key: str = "") -> Any:
        """Does something, once for each `key`: give your own number of it where it must outlive this process."""
        data = json.dumps(body).encode() if body is not None else b""
        return self._json("POST", path, data, {"Content-Type": JSON, "Idempotency-Key": key or new_key()})

    def post_file(self, path: str, name: str, data: bytes, *, key: str = "") -> Any:
        """The same with a file of up to 8 MB: an attachment, a body, a sealed body."""
        headers = {"Content-Type": BYTES, "Idempotency-Key": key or new_key()}
        return self._json("POST", _with(path, {"name": name}), data, headers)

    def send_sealed(self, said: Json, name: str, data: bytes, *, key: str = "") -> Any:
        """Sends an OFD of up to 8 MB that the unit's own seal signed: `said` are its title, its number and to whom."""
        between, plain = uuid.uuid4().hex, "".join(each for each in name if each not in '"\\\r\n')
        written = b""
        for head, kind, part in (
            ('name="dispatch"', JSON, json.dumps(said).encode()),
            (f'name="file"; filename="{plain}"', "application/ofd", data),
        ):
            written += f"--{between}\r\nContent-Disposition: form-data; {head}\r\nContent-Type: {kind}\r\n\r\n".encode()
            written += part + b"\r\n"
        headers = {"Content-Type": f"multipart/form-data; boundary={between}", "Idempotency-Key": key or new_key()}
        return self._json("POST", "/dispatches", written + f"--{between}--\r\n".encode(), headers)

    def read(self, delivery_id: str, *, key: str = "") -> bytes:
        """The sealed OFD of a delivery. This is receiving."""
        return self._ask("POST", f"/deliveries/{delivery_id}/read", b"", {"Idempotency-Key": key or new_key()})[1]

    def take_in(self, delivery_ids: Sequence[str], *, key: str = "") -> Iterator[tuple[Json, bytes]]:
        """Checks, signs for and reads several at once: what is told of each, with its sealed OFD.

        One that was refused has its `problem` and no bytes. Ask with some dozens at a time, at most 50.
        """
        left = list(delivery_ids)
        while left:
            body, headers = json.dumps({"deliveries": left}).encode(), {"Content-Type": JSON}
            data = self._ask("POST", "/deliveries/take-in", body, headers | {"Idempotency-Key": key or new_key()})[1]
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                index = json.loads(archive.read("index.json"))
                for item in index["items"]:
                    yield item, archive.read(item["file"]) if item["file"] else b""
            left, key = index["left"], ""

    def download(self, path: str) -> bytes:
        """The bytes at `path`."""
        return self._ask("GET", path)[1]

    def box(self, since: str = "") -> Iterator[Json]:
        """What arrived and what changed since the cursor, to the end. `cursor` is then where to go on: keep it."""
        self.cursor, more = since, True
        while more:
            page = self.get("/deliveries", **({"since": self.cursor} if self.cursor else {}))
            yield from page["items"]
            self.cursor, more = page["next"], page["more"]

    cursor = ""

    def upload(
        self, name: str, file: BinaryIO, *, part: int = 4 << 20, begun: str = "", keep: Callable[[str], object] = str
    ) -> str:
        """Upload a file in parts (tus 1.0.0); its id, to be named with `post(…, {"upload": id})`.

        After a cut it asks how far the centre is and goes on there. To go on in another process as well, `keep` the
        id that it is called with and give it as `begun`.
        """
        size, upload = file.seek(0, io.SEEK_END), begun
        if not upload:
            said = f"filename {base64.b64encode(name.encode()).decode()}"
            headers, _ = self._ask("POST", "/uploads/", b"", {"Upload-Length": str(size), "Upload-Metadata": said})
            upload = headers["Location"].rstrip("/").rpartition("/")[2]
            keep(upload)
        path, failures = f"/uploads/{upload}/", 0
        offset = self._offset(path)
        while offset < size:
            file.seek(offset)
            try:
                said_place = {"Upload-Offset": str(offset), "Content-Type": PART}
                offset = int(self._once("PATCH", path, file.read(part), said_place)[0]["Upload-Offset"])
                failures = 0
            except (OSError, HTTPException, Problem) as error:
                failures += 1
                if isinstance(error, Problem):
                    if (error.code != "upload_offset" and error.status != 503) or failures == self._tries:
                        raise
                elif failures == self._tries:
                    raise Unreachable(f"upload of {name}, {offset} of {size} bytes: {error}") from error
                offset = self._offset(path)
        return upload

    def _offset(self, path: str) -> int:
        return int(self._ask("HEAD", path)[0]["Upload-Offset"])

    def _json(self, method: str, path: str, data: bytes | None = None, headers: Mapping[str, str] = {}) -> Any:
        return json.loads(self._ask(method, path, data, headers)[1])

    def _ask(
        self, method: str, path: str, data: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> tuple[HTTPMessage, bytes]:
        """Ask again, with the very same headers, while nobody answers or the answer is to come again."""
        failures = 0
        while True:
            try:
                return self._once(method, path, data, headers)
            except Problem as problem:
                failures += 1
                if failures == self._tries or (problem.code != "in_progress" and problem.status != 503):
                    raise
                wait = problem.wait
            except (OSError, HTTPException) as error:
                failures += 1
                if failures == self._tries:
                    raise Unreachable(f"{method} {path}: {error}") from error
                wait = None
            time.sleep(wait if wait is not None else 2 ** (failures - 1))

    def _once(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]
    ) -> tuple[HTTPMessage, bytes]:
        asked = {**headers, "Authorization": f"Bearer {self._current()}"}
        try:
            return self._http(method, path, data, asked)
        except Problem as problem:
            if problem.status != 401:
                raise
        self._token = ""  # it ended before its time: the secret was changed, or the clock
        return self._http(method, path, data, {**headers, "Authorization": f"Bearer {self._current()}"})

    def _current(self) -> str:
        """A token that still counts for a while."""
        if not self._token or time.monotonic() > self._until:
            headers = {"Authorization": self._basic, "Content-Type": FORM}
            told = json.loads(self._http("POST", "/token", b"grant_type=client_credentials", headers)[1])
            self._token, self._until = told["access_token"], time.monotonic() + told["expires_in"] - 60
        return self._token

    def _http(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]
    ) -> tuple[HTTPMessage, bytes]:
        request = urllib.request.Request(self.api + path, data, dict(headers), method=method)  # noqa: S310 - https alone
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                return answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise _problem(error.code, error.headers, error.read()) from None


def check_call(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> Json:
    """What a webhook was told, if it is of the centre and of now. Drop what bears an `id` that came before.

    Raises `NotGenuine`. SM3 is of OpenSSL; where Python was built without it, hmac raises ValueError.
    """
    given = {name.lower(): value for name, value in headers.items()}
    stamp = given.get("yichuan-timestamp", "")
    signed = hmac.new(secret.encode(), stamp.encode() + b"." + body, "sm3").hexdigest()
    if not hmac.compare_digest(given.get("yichuan-signature", "").encode(), f"sm3={signed}".encode()):
        raise NotGenuine("signature")
    if abs((time.time() if now is None else now) - int(stamp)) > FRESH:
        raise NotGenuine("timestamp")
    told: Json = json.loads(body)
    return told


def new_key() -> str:
    """A key for one thing that is to happen."""
    return str(uuid.uuid4())


def _with(path: str, query: Mapping[str, str | int]) -> str:
    return f"{path}?{urllib.parse.urlencode(query)}" if query else path


def _problem(status: int, headers: Message, body: bytes) -> Problem:
    try:
        told = json.loads(body)
    except ValueError:  # of a proxy on the way, or without a body
        told = {}
    return Problem(status, told if isinstance(told, dict) else {}, headers.get("Retry-After", ""))
