"""Records from elsewhere come in: intake of a stranger's file, and the fleet."""
