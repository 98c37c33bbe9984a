"""What can be bought and promised: products, tariffs, marketing policies, promise terms. Not for what was sold."""
