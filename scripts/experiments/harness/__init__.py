"""The experiment `harness`."""
