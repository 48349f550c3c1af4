"""The fields of the composer's form, one kind a module; they know no JSON text but their own value's."""
