"""The experiment `pipeline`."""
