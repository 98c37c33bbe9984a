"""How well circuits carry: samples, roll-ups, thresholds, probes (G5). Not for up and down, which alarms say."""
