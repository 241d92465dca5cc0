"""Around the timed processes: plan, interpreters, journal, facts. Standard library only."""
