"""Who looks after which customer, and since when: owners, the pool, hand-overs, contact notes. Not for revenue."""
