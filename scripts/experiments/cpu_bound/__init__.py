"""The experiment `cpu_bound`."""
