"""What people and programs ask of alarms."""
