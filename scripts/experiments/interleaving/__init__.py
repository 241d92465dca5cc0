"""The experiment `interleaving`."""
