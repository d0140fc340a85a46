"""What the form checker says of a draft that can be typeset, for the clerk to weigh; it keeps no draft back."""

from yichuan.compose.drafting.content import field_of
from yichuan.lib.gongwen.checker import check_content
from yichuan.lib.gongwen.model import Gongwen

MOST = 30


def hints(content: Gongwen) -> list[dict[str, str]]:
    """Each with the form's `field` and the `text`: what departs from which clause, and what to do."""
    return [
        {
            "field": field_of(finding.place.path),
            "text": f"{finding.message_zh}{finding.remedy_zh}（{finding.clause}）",
        }
        for finding in check_content(content.to_json())[:MOST]
    ]
