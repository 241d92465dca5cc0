"""The experiment `task_cost`."""
