"""One script per question; each prints what it measured, on which database."""
