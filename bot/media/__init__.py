"""Untrusted bytes → small clean JPEGs, decoded in sandboxed processes; videos → frames."""
