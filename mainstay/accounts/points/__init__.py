"""Points of customers: ledger, earning rules, expiry, gifts. Not for discounts (offers) nor for bills (revenue)."""
