"""Levels a promise can come from are those of `domain.promise_choice`."""
