"""Draws attention maps, as an animation or a contact sheet."""
