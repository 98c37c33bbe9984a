"""What people read of tickets, one file per audience."""
