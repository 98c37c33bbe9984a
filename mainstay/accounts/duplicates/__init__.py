"""Which customers are one and the same; two become one, and two again. Not for matching circuits or equipment."""
