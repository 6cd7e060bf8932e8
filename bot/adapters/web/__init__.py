"""The web page and the HTTP interface."""

from bot.adapters.web.app import WebAdapter, instance_name
from bot.adapters.web.options import WebOptions

__all__ = ["WebAdapter", "WebOptions", "instance_name"]
