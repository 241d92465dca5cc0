"""The experiment `process_count`."""
