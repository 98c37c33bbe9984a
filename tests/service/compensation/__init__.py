"""What is owed, decided and billed."""
