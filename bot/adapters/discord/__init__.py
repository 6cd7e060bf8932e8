"""Discord, by discord.py: commands, menus, mentions and direct messages in, captions out."""
