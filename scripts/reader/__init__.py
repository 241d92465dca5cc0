"""static/measure.pyz: its command line, and what packs it."""
