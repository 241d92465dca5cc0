"""Environments that people really have, each with what it once broke."""
