"""The month before today: a simulated clock that drives the real intake, worker, timers and people's own actions."""
