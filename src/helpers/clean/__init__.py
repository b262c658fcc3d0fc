"""From raw tables to tidy ones: corrections, units, totals, places."""
