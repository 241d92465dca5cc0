"""From the record to the blog: derive, embed, check, build; one set of files at a time."""
