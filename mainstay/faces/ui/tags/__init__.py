"""The components by kind: marks, tables, layout, verbs, forms, pictures."""
