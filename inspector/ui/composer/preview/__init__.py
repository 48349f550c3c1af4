"""The drawn notification: what a phone would show for the body that is written. An approximation, and marked as one."""
