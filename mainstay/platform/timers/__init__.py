"""What must happen at an instant: durable, fired once. Not for deadlines' meaning (service.tickets)."""
