"""A conversation about photos: everything that no platform decides."""
