"""A blog that measures itself: measure, record, draw, sum up, embed, build."""
