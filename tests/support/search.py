"""Documents in the search, for tests of the lists."""

from support.world import World, small_gongwen
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services.save import begin
from yichuan.exchange.models import Delivery


def titled(world: World, title: str, number: str = "江府办〔2008〕9999号") -> Document:
    """A draft of 市府办公室 under this title and number."""
    fields = from_gongwen(small_gongwen(number), kind="通知") | {"title": title}
    return begin(actor=world.sending_clerk, unit=world.sender, fields=fields)


def delivered(world: World, title: str, number: str = "江府办〔2008〕9999号", to: str = "市环保局") -> Delivery:
    """It, sent to one unit."""
    return world.sent(to, document=titled(world, title, number)).deliveries.get()
