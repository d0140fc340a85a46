"""A centre's settings with little patience: what a dead process left is taken over after seconds instead of minutes."""

from yichuan.config.settings import *  # noqa: F403
from yichuan.config.settings import INSTALLED_APPS as OF_A_CENTRE

INSTALLED_APPS = [*OF_A_CENTRE, "soak.patience.Patience"]
