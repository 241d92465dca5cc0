"""Records from elsewhere: intake, summaries, comparison, and the fleet."""
