"""The experiment `new_post`."""
