"""The demo at full size: 100,000 customers, 250,000 circuits, 1,000,000 tickets, laid in bulk and judged again."""
