"""Who may open which address and post there: the stage, the tables, and what must never be read."""
