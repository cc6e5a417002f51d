"""Figures. The modules here follow the same shape as proofs; `prove/__init__.py` describes it."""

from prove import Args, Goal, Plan, Post, Result, progress, quantile, spread, step, table

__all__ = ["Args", "Goal", "Plan", "Post", "Result", "progress", "quantile", "spread", "step", "table"]
