"""For whom: customers, their contracts, what can be bought."""
