"""What a run is made of: one stage a file."""
