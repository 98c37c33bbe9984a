"""What was signed: contracts, lines, grades, special terms. Not for which promise holds (service.promises)."""
