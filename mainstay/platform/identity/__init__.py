"""Who may do what, and where: users, duties, scope. Not for a customer's contacts (accounts.customers)."""
