"""Measuring: the only part that reads a clock. Standard library only, Python 3.9 or newer."""
