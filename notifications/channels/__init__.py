"""Ways out of the house. A channel takes a parcel, outside any transaction, and says what became of it."""
