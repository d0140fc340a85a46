"""Settings of the test suite: a throw-away home, cheap passwords, everything else as in a centre."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="yichuan-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["YICHUAN_HOME"] = f"{_home}/centre"
os.environ["YICHUAN_SECRETS"] = f"{_home}/secrets"
os.environ["YICHUAN_PROFILE"] = "jiangmen-2008"

from yichuan.config.settings import *  # noqa: E402, F403
from yichuan.config.settings import DATABASES  # noqa: E402

# No test asks what a power failure leaves; what a killed process leaves is the same without waiting for the disk. No
# table of a test is so large that compiling a question is worth its time.
_database = DATABASES["default"]
if "sqlite" in _database["ENGINE"]:
    _database["TEST"] = {"NAME": f"{_home}/test.sqlite3"}
    _database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    _database["OPTIONS"] = _database.get("OPTIONS", {}) | {"options": "-c synchronous_commit=off -c jit=off"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
