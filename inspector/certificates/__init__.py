"""X.509 and keys: read, describe, mint, keep (the vault), and tell why a handshake failed.

Imports cryptography, pyOpenSSL and keyring; of the package only `inspector.errors` and `inspector.home`.
"""
