"""Does the house itself run? Heartbeats of programs, queues, backups. Not for the network (network.alarms)."""
