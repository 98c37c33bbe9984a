"""How much credit customers have, by rules as data, explained in figures (B3). Not for what they owe (revenue)."""
