"""The store of everything seen and sent: SQLite, the query language. Imports sqlite3 and `inspector.contract`."""
