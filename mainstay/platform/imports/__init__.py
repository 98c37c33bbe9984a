"""Takes rows from files into any room that registers a kind, and back again. Not for alarms, nor for what rows mean."""
