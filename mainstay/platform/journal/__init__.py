"""What was done and announced: the audit trail and the outbox of events. Not for machine streams (network.alarms)."""
