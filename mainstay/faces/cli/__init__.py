"""The mainstay command and the long-running workers."""
