"""Platform events in, platform messages out; one chat platform a folder."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import Field

from captioner.errors import OperatorError

T = TypeVar("T")

HTTP = r"^https?://\S+$"
# A setting that is an address of HTTP: HttpAddress[str].
HttpAddress = Annotated[
    T, Field(pattern=HTTP, description="it must start with https:// or http://")
]


class AdapterError(OperatorError):
    """An adapter cannot serve. The message is one sentence that says what to do about it."""
