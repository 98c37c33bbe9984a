"""Tells customers month by month what they got: service report and SLA report, made in runs; not how figures arise."""
