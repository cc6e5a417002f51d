"""Exercises: scenarios read from files, played on a clock that the facilitator holds, judged from the journal.

An app of its own, so that its tables and texts stay apart from the cells'. It works in the exercise world only
(`ondijon.stack.exercise`): in a real post none of its addresses exist and every verb refuses.
"""
