"""The demo province and the cast."""
