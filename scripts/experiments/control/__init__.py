"""The experiment `control`."""
