"""The pages, for granian or gunicorn."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from yichuan.common.frames import roomy

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuan.config.settings")
_pages = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django's own, with room for the frames of all that it calls."""
    answer: Iterable[bytes] = roomy(_pages, environ, start_response)
    return answer
