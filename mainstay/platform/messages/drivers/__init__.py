"""How each kind of sender hands a message over, and how its answer is read. Not for when, how often or to whom."""
