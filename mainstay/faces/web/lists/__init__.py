"""Lists: their columns declared once for screen, phone and file; saved views; things done to many rows (A6)."""
