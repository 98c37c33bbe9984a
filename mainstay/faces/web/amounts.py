"""How is an amount of money said?"""


def yuan(fen: int) -> str:
    """Say an amount of fen (0.01 yuan) in yuan."""
    sign = "-" if fen < 0 else ""
    return f"{sign}¥\u2009{abs(fen) / 100:,.2f}"
