"""All machines side by side: a summary of every record, and the figure over them."""
