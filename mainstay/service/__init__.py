"""What is delivered to key accounts: promises and tickets."""
