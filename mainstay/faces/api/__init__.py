"""Programs: TM Forum Open APIs and other machine-readable doors."""
