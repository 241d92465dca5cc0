"""Drawing: the theme, the sheet and its axes, and traces."""
