"""NTP's 64-bit timestamps (RFC 5905, section 6): seconds since 1900 and a binary fraction, as STAMP carries them.

Instants are nanoseconds since 1970, UTC. The seconds wrap every 2^32; what is read is taken to lie within 68 years of
`near_ns`.
"""

ERA_S = 1 << 32
FROM_1900_TO_1970_S = 2_208_988_800
NS = 1_000_000_000


def to_ntp(at_ns: int) -> int:
    """Give an instant as 64 bits: 32 of seconds, 32 of fraction, rounded to the nearest."""
    seconds, rest = divmod(at_ns, NS)
    whole = ((seconds + FROM_1900_TO_1970_S) << 32) + ((rest << 32) + NS // 2) // NS
    return whole & 0xFFFF_FFFF_FFFF_FFFF


def from_ntp(stamp: int, *, near_ns: int) -> int:
    """Give the instant nearest to `near_ns` that 64 bits may mean, in nanoseconds since 1970."""
    seconds = (stamp >> 32) - FROM_1900_TO_1970_S
    found = seconds * NS + (((stamp & 0xFFFF_FFFF) * NS + (1 << 31)) >> 32)
    era = ERA_S * NS
    return found + era * round((near_ns - found) / era)
