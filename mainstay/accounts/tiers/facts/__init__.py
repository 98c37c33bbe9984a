"""Facts of customers that tables ask for: the register, and readers in arrays."""
