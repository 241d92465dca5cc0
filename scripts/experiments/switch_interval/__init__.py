"""The experiment `switch_interval`."""
