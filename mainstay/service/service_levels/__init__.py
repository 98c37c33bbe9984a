"""What was delivered each month against what was promised: availability per circuit, closed, versioned, with evidence.

Not for running clocks (service.tickets), not for what is paid when a promise is missed (service.compensation).
"""
