"""What CaptionBot costs, measured beside what it could cost at least: `python -m benchmarks`."""
