"""The reads: small functions that return a statement. They run nothing and write nothing."""
