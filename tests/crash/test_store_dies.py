"""The S3 store of a trial is really away while it is killed, and comes again with all that it had taken."""

import random
import subprocess

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from soak import store as soak_store
from soak.store import BUCKET, Store

pytestmark = pytest.mark.skipif(
    subprocess.run(["/usr/bin/python3", "-c", "import swift"], capture_output=True, check=False).returncode != 0,
    reason="OpenStack Swift is not installed",
)


def test_it_is_away_and_comes_again_with_what_it_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    store, refused = Store(), []
    chance = random.Random(3)  # noqa: S311 - strikes the container server alone

    def ask_while_away(seconds: float) -> None:
        if seconds < 1:  # it is asked whether it is up again
            return
        try:
            store.client.get_object(Bucket=BUCKET, Key="bodies/a")
        except (ClientError, BotoCoreError) as error:
            refused.append(error)

    try:
        store.client.put_object(Bucket=BUCKET, Key="bodies/a", Body=b"kept")
        monkeypatch.setattr(soak_store, "wait", ask_while_away)
        assert "away for" in store.kill(chance)
        assert len(refused) == 1
        store.await_up()
        found = store.client.get_object(Bucket=BUCKET, Key="bodies/a")["Body"].read()
        store.settle()
        listed = store.client.list_objects_v2(Bucket=BUCKET)["Contents"]
    finally:
        store.remove()
    assert (found, [each["Key"] for each in listed]) == (b"kept", ["bodies/a"])
