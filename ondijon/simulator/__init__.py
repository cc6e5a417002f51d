"""A believable Dijon day, told to the post through its public API only: no model, no database, nothing but HTTP.

`stories` what people tell and where, `plan` when (deterministic by seed), `desk` the HTTP clients, `city` who does what.
"""
