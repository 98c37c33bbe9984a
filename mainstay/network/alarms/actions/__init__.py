"""What can be done with alarms: take them in, steer incidents, place what is quarantined, set up sources."""
