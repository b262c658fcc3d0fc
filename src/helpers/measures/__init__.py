"""What is counted, as series and tables."""
