"""Which promise holds for a circuit at an instant, and why. Not for running clocks (service.tickets)."""
