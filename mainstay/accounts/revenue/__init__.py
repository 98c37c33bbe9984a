"""What customers were billed, paid and owe: facts from billing (M9). Not for agreed prices, nor grades."""
