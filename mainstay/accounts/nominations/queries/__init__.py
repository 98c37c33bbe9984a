"""Read nominations, filters and their runs, waves and distributions of balances."""
