"""What customers miss and by when it is mended: tickets, clocks, escalations. Not for internal incidents (network.alarms)."""
