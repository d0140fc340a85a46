"""Where the pages listen for arrivals."""

from django.conf import settings
from django.http import HttpRequest


def feed_url(request: HttpRequest) -> str:
    """`YICHUAN_FEED_URL`, where `:8001/feed/` means another port of the host that the browser already speaks to."""
    address: str = settings.YICHUAN_FEED_URL
    if not address.startswith(":"):
        return address
    asked = request.get_host()
    host = asked if asked.endswith("]") else asked.rsplit(":", 1)[0]
    return f"{request.scheme}://{host}{address}"
