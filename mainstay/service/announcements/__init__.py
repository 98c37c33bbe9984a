"""What customers are told of planned work, in time, and what they answer. Not for the work itself (planned_work)."""
