"""Tables as published: sidecars, contracts, checksums, periods, and putting a table in place."""
