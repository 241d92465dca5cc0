"""The experiment `pitfalls`."""
