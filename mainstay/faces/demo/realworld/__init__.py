"""Can the main job be done on a real operator's log? Lays customers over its network and replays it whole.

The log is that of the PCIC 2021 causal discovery competition (MIT licence): alarms by type and device, without severity
and mostly without an end, and the links between the devices. What each type does to service is our stated assumption,
`effects.csv`. The log itself is not part of Mainstay.
"""
