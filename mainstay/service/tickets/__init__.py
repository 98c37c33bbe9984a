"""What customers miss and by when it is mended: tickets and clocks. Not for internal incidents (network.alarms)."""
