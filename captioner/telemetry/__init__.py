"""How a process can be watched: counts, traces and the id that its log lines bear.

Shared by bots and workers. Imports neither torch nor a chat library, and OpenTelemetry only where
traces are asked for.
"""
