"""The soft device for the conformance suite."""

from yichuan.keys.devices.soft import SoftDevice


class SoftDriver:
    def device(self) -> SoftDevice:
        return SoftDevice(bytes(range(32)))

    impatient = device

    def locked(self) -> SoftDevice:
        return SoftDevice(bytes(32))
