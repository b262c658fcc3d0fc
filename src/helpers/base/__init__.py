"""What every room may use: paths, errors, files."""
