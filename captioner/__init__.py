"""Turns photos into captions. Knows no chat platform."""
