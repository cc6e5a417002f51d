"""The other side, for the demo and the proofs: a prefecture's crisis room in a process of its own, with its own schema.

It shares with the post what the contract is (`prefecture.wire`) and the way of calling (`prefecture.peer`), and nothing of
how messages are kept, numbered, delivered or acknowledged: that is written a second time here, in plain SQL, so that the
contract is tried by two readers of it.
"""
