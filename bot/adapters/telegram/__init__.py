"""Telegram, polled or by webhook: photos in, captions and pictures of the attention out."""

import os

# python-telegram-bot 22 warns at every RetryAfter that its times become `timedelta`; this is its
# own switch for having them so already. It is read when such an error is made.
os.environ.setdefault("PTB_TIMEDELTA", "true")
