"""What a reader sees: tables on the terminal and as CSV."""
