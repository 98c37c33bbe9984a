"""Makes documents of facts (PDF by typst, XLSX), keeps them, sends them on schedule; not for what stands in them."""
