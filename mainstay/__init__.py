"""Mainstay (砥柱): the platform with which telecom operators serve their key accounts."""

__version__ = "0.1.0"
