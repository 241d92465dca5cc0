"""The experiment `runtimes`."""
