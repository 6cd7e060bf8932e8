"""Talks with people: adapters for chat platforms and the web. Never imports torch."""
