"""What bots remember between messages: choices, limits, counts. Its contract, and `open_store`."""
