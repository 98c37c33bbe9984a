"""When people work: weekly hours, holidays and moved workdays. Not for duty rosters (platform.duty)."""
