"""What was told to whom, and whether it arrived. Not for what to say (the rooms that know the event)."""
