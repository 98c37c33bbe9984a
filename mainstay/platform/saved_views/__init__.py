"""Keeps how people look at lists: filters, order, columns; never what they may see there, which scope alone decides."""
