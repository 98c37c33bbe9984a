"""Talk to people and programs: thin, apart from each other."""
