"""Pure rules: facts in, verdicts out. No Django, no I/O, no wall clock."""
