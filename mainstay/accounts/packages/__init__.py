"""SLA packages and circuit protection: what they promise, cost and are for. Not for who bought them (D2)."""
