"""JSON → updates. One that cannot be understood is passed over; it must not stop all others."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

from telegram import Bot, Update
from telegram.request import HTTPXRequest

_HALF = re.compile("[\ud800-\udfff]")
log = logging.getLogger(__name__)


def update_in(values: object, bot: Bot | None = None) -> Update | None:
    """The update that some JSON describes; None where it describes none."""
    if not isinstance(values, dict) or type(values.get("update_id")) is not int:
        return None
    try:
        return Update.de_json(_whole(values), bot)
    except Exception as error:  # noqa: BLE001 - whatever its constructors make of a wrong value
        log.warning("telegram: an update makes no sense to us (%s)", type(error).__name__)
        return None


def _whole(values: dict[str, Any]) -> dict[str, Any]:
    """The same without halves of characters, which the library cannot count in."""
    text = json.dumps(values, ensure_ascii=False)
    if text.isascii() or not _HALF.search(text):
        return values
    whole: dict[str, Any] = json.loads(_HALF.sub("\N{REPLACEMENT CHARACTER}", text))
    return whole


class UpdatesRequest(HTTPXRequest):
    """Fetches updates, those that make no sense emptied.

    To the library one such is an error of the whole call, which it logs with all that people
    wrote; it would come again for ever, as it is never confirmed.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = HTTPXRequest.parse_json_payload(payload)
        updates = answer.get("result")
        if isinstance(updates, list):
            answer["result"] = [
                _whole(values) if update_in(values) else {"update_id": values["update_id"]}
                for values in updates
                if isinstance(values, dict) and type(values.get("update_id")) is int
            ]
        return answer
