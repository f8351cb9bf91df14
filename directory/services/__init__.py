"""The verbs: each function is one use case. The actor is always an argument, never the request."""
