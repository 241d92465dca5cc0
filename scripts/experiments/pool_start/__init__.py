"""The experiment `pool_start`."""
