"""What follows from a record: statistics, verdicts and the summary. Standard library only."""
