"""Reads: `facts` of customers for rules and pages, bills and payments, arrears, reconciliation."""
