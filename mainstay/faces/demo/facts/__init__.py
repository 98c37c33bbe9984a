"""The few real facts the demo province stands on, in files read by `tables`. Everything else is invented."""
