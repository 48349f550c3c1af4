"""Push Inspector: see, understand and send LivePerson push notifications over mutual TLS."""

__version__ = "0.1.0"
