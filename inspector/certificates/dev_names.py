"""What the identities for development are called. Light to import."""

DEV_CA = "dev-ca"
DEV_SERVER = "dev-server"
DEV_CLIENT = "dev-client"
