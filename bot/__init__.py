"""Talks with people: adapters for Telegram, Discord and the web. Never imports torch."""
