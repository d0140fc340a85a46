"""The blob store on any S3 store: one object a blob, under the prefix of the address, named by its SM3 digest.

The name is known only when the last byte has passed, and a body may have 100 MB. So the ciphertext is spooled first, in
memory up to 1 MiB and from there in a file without a name that the system forgets with the process, and is then put in
a single request. A single PUT stands whole or not at all, whatever dies: there are no half-written objects, no parts
of uploads to be swept, and no copying from a temporary key, during which a store may fail once more.

The key comes from the environment, from a file that its owner alone reads, or from systemd's credential, as the PIN
of a token does; never from the address, which logs may show.
"""

import logging
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlparse

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from yichuan.common.blobs import CHUNK, MISSING, NOT_READ, NOT_SAVED
from yichuan.common.errors import Unavailable
from yichuan.common.secret_files import SecretFileError, given_secret
from yichuan.lib.gm.sm3 import Sm3

IN_MEMORY = 1024 * 1024
SECONDS = 10.0
ATTEMPTS = 2
FORM = "s3://bucket/prefix?endpoint=https://host:port"
KEY, KEY_FILE = "YICHUAN_BLOBS_KEY", "YICHUAN_BLOBS_KEY_FILE"
_OPTIONS = frozenset(("endpoint", "region", "seconds", "ca"))
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NAME = re.compile(r"[0-9a-f]{64}")
_REFUSED_KEY = f"refuses the key: compare {KEY} or {KEY_FILE} with what the store's administrator gave"
_REMEDIES = {
    "NoSuchBucket": "has no such bucket: make it there, the centre does not",
    "InvalidAccessKeyId": _REFUSED_KEY,
    "SignatureDoesNotMatch": _REFUSED_KEY,
    "AccessDenied": _REFUSED_KEY,
    "RequestTimeTooSkewed": "has another time than this host: set both clocks",
    "QuotaExceeded": "is full, or its quota for this centre is",
    "InsufficientStorage": "is full",
}


class StoreTrouble(Exception):
    """What is wrong with the store, in the words of its operator; the cause of an `Unavailable`."""


@dataclass(frozen=True)
class Place:
    """Where the objects lie: the parts of `s3://bucket/prefix?endpoint=…&region=…&seconds=…&ca=…`."""

    bucket: str
    prefix: str
    endpoint: str
    region: str = "us-east-1"
    seconds: float = SECONDS
    ca: str | None = None

    @classmethod
    def of(cls, url: str) -> "Place":
        """Raises ValueError with the remedy where the address cannot be used."""
        address = urlparse(url)
        if address.username or address.password:
            raise ValueError(f"YICHUAN_BLOBS_URL: take the key out of the address; it goes into {KEY_FILE}")
        said = dict(parse_qsl(address.query))
        if unknown := set(said) - _OPTIONS:
            raise ValueError(
                f"YICHUAN_BLOBS_URL: unknown option {unknown.pop()!r}; there are: endpoint, region, seconds, ca"
            )
        endpoint = urlparse(said.get("endpoint", ""))
        if not address.netloc or not endpoint.hostname or endpoint.scheme not in ("http", "https"):
            raise ValueError(f"YICHUAN_BLOBS_URL: write {FORM}")
        if endpoint.scheme == "http" and endpoint.hostname not in _LOOPBACK:
            raise ValueError(f"YICHUAN_BLOBS_URL: {endpoint.hostname} is another machine and needs https")
        try:
            seconds = float(said.get("seconds", SECONDS))
        except ValueError:
            seconds = 0.0
        if not 0 < seconds <= 300:
            raise ValueError("YICHUAN_BLOBS_URL: seconds is how long one answer may take, up to 300")
        folder = address.path.strip("/")
        return cls(
            address.netloc, f"{folder}/" if folder else "", said["endpoint"], said.get("region", cls.region), seconds,
            said.get("ca"),
        )  # fmt: skip


class S3Blobs:
    """A bucket's prefix. Threads may share it."""

    def __init__(self, place: Place, key: str) -> None:
        self._place = place
        self._client = _client(place, key)

    def put(self, chunks: Iterable[bytes]) -> str:
        """Store the chunks; returns the name. Raises `Unavailable` where disk or store refuse: then nothing is kept."""
        digest = Sm3()
        with _spool() as spool:
            for chunk in chunks:
                digest.update(chunk)
                with _disk():
                    spool.write(chunk)
            name = digest.digest().hex()
            with _disk():
                spool.seek(0)
            with self._trouble(NOT_SAVED):
                self._client.put_object(Bucket=self._place.bucket, Key=self._place.prefix + name, Body=spool)
        return name

    def read(self, name: str) -> Iterator[bytes]:
        """The content in chunks. Raises `Unavailable`: `blob_missing` where it is not there, an incident;
        `blob_store` where the store does not answer, also in the middle."""
        with self._trouble(NOT_READ):
            found = self._client.get_object(Bucket=self._place.bucket, Key=self._place.prefix + name)
        with closing(found["Body"]) as body:
            while True:
                with self._trouble(NOT_READ):
                    chunk = body.read(CHUNK)
                if not chunk:
                    return
                yield chunk

    def has(self, name: str) -> bool:
        """Whether it is there: its first byte is asked for, since a bare HEAD does not say what is missing."""
        try:
            with self._trouble(NOT_READ):
                found = self._client.get_object(
                    Bucket=self._place.bucket, Key=self._place.prefix + name, Range="bytes=0-0"
                )
        except Unavailable as refusal:
            if refusal.code == "blob_missing":
                return False
            raise
        found["Body"].close()
        return True

    def names(self) -> Iterator[tuple[str, float]]:
        """Every blob with the time of its writing (seconds since the epoch). Other objects are not ours to name."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._place.bucket, Prefix=self._place.prefix
        )
        answers = iter(pages)
        while True:
            with self._trouble(NOT_READ):
                page = next(answers, None)
            if page is None:
                return
            for each in page.get("Contents", ()):
                if _NAME.fullmatch(name := each["Key"].removeprefix(self._place.prefix)):
                    yield name, each["LastModified"].timestamp()

    def remove(self, name: str) -> None:
        """Remove a blob, if it is there."""
        with self._trouble(NOT_READ):
            self._client.delete_object(Bucket=self._place.bucket, Key=self._place.prefix + name)

    @contextmanager
    def _trouble(self, message: str) -> Iterator[None]:
        """The store's refusal for whoever waits for the page; what the operator wants to know goes into the log."""
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            said = error.response["Error"].get("Code", "") if isinstance(error, ClientError) else ""
            if said == "NoSuchKey":
                raise Unavailable("blob_missing", MISSING) from error
            trouble = StoreTrouble(f"{self._place.endpoint}, bucket {self._place.bucket}: {_remedy(said, error)}")
            logging.getLogger(__name__).warning("%s", trouble)
            raise Unavailable("blob_store", message) from trouble


def open_s3(url: str) -> S3Blobs:
    """The store of an address. Raises ValueError where the address or the key cannot be used, with the remedy."""
    return _opened(url, _key())


@lru_cache(maxsize=4)
def _opened(url: str, key: str) -> S3Blobs:
    return S3Blobs(Place.of(url), key)


def _key() -> str:
    """The access key and the secret key, separated by a space or a line's end."""
    try:
        return given_secret(KEY)
    except SecretFileError as error:
        raise ValueError(f"YICHUAN_BLOBS_URL: no key: {error}") from error


def _client(place: Place, key: str) -> Any:
    try:
        access, secret = key.split()
    except ValueError:
        raise ValueError(f"{KEY}: write the access key, a space and the secret key") from None
    config = Config(
        signature_version="s3v4",
        connect_timeout=min(place.seconds, 5),
        read_timeout=place.seconds,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        proxies={},  # the store stands inside the house
        max_pool_connections=16,
        s3={"addressing_style": "path", "payload_signing_enabled": True},
        request_checksum_calculation="when_required",  # the signature covers the content; older stores know no other
        response_checksum_validation="when_required",
    )
    return boto3.session.Session().client(
        "s3",
        endpoint_url=place.endpoint,
        region_name=place.region,
        aws_access_key_id=access,
        aws_secret_access_key=secret,
        verify=place.ca or True,
        config=config,
    )


def _spool() -> "tempfile.SpooledTemporaryFile[bytes]":
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable("blob_store", NOT_SAVED) from error


def _remedy(code: str, error: Exception) -> str:
    return f"the store {_REMEDIES[code]}" if code in _REMEDIES else str(error)
