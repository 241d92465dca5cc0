"""What people write by hand: config.yaml and data/claims.yaml; an error names its line."""
