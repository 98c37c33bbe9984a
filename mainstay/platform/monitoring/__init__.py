"""Does the house itself run? Heartbeats of its workers, its queues, its backups. Not for the network (network.alarms)."""
