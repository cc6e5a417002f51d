"""A stand-in for the providers outside, on loopback: text messages, calls and e-mail that one can look at and answer.

For the demo and the tests only; the post speaks to it exactly as to a real provider (docs/gateway.md).
"""
