"""When and on what work is planned. Not for its notices' delivery (platform.messages)."""
