"""The experiment `io_threads`."""
