"""From a publisher's file to a table of ours, one module a format."""
