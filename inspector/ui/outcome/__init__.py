"""What came of a sending, in parts: attempts, facts of TLS, and what differs from another result."""
