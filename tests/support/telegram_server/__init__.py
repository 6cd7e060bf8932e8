"""A Telegram Bot API on loopback, for tests with the real python-telegram-bot."""

from tests.support.telegram_server.calls import Call, Fault
from tests.support.telegram_server.people import Person
from tests.support.telegram_server.server import BOT, TOKEN, TelegramServer
from tests.support.telegram_server.world import Json

__all__ = ["BOT", "TOKEN", "Call", "Fault", "Json", "Person", "TelegramServer"]
