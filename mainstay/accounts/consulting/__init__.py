"""Who may read customers' sensitive fields, why, and who did (查阅手续). Not for what the fields hold (customers)."""
