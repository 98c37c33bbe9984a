"""What do reports mean? The impact worker's judgement, in memory and without a database.

`standing` decides which alarms stand, `grouping` which incident each belongs to, `ledger` which circuits are impaired
since when, `judge` walks through reports in their order and lets the three work together. The same reports in the same
order give the same alarms, states and stretches, however they were batched; of faults of one instant, that of the first
batch is the one a circuit is booked on. Instants are int milliseconds since the epoch, UTC.
"""
