"""What the network says: alarms, their impact, causes and incidents. Not for customers' tickets (service.tickets)."""
