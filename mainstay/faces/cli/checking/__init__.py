"""What `mainstay check` looks at: settings, database, what the house needs to do its work. Reads only."""
