"""The drivers that the suite runs on. A new one: its module in `support/key_drivers`, a name in these lists."""

from __future__ import annotations

from typing import Any

import pytest

from support.key_drivers.driver import Driver, OutsideDriver
from support.key_drivers.pkcs11 import Pkcs11Driver, one_token
from support.key_drivers.sdf import SdfDriver
from support.key_drivers.soft import SoftDriver

OUTSIDE = ["pkcs11", "sdf"]
EVERY = ["soft", *OUTSIDE]


@pytest.fixture(scope="session")
def soft_driver() -> SoftDriver:
    return SoftDriver()


@pytest.fixture(scope="session")
def pkcs11_driver() -> Pkcs11Driver:
    return one_token()


@pytest.fixture(scope="session")
def sdf_driver(tmp_path_factory: pytest.TempPathFactory) -> SdfDriver:
    return SdfDriver(tmp_path_factory.mktemp("sdf"))


@pytest.fixture(params=EVERY)
def driver(request: pytest.FixtureRequest) -> Driver:
    return _named(request)


@pytest.fixture(params=OUTSIDE)
def outside(request: pytest.FixtureRequest) -> OutsideDriver:
    """One that can be slow, gone, or fail in the middle."""
    return _named(request)


def _named(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(f"{request.param}_driver")
