"""What this room keeps: accounts and what proves who somebody is."""

from yichuan.people.models.accounts import Account

__all__ = ["Account"]
