"""How a process tells what state it is in: probes and metrics, for every role."""
