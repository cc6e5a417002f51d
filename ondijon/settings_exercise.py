"""Settings of the world this post is in. In an exercise's, every process is shut in as soon as it reads its settings."""

import environ

from ondijon.exercise.guard import guard

_env = environ.Env()

# Set by `manage.py demo --exercise` and `up --exercise` alone, with an environment of their own (ondijon.stack.exercise).
EXERCISE = _env.bool("EXERCISE", default=False)
# Cookies ignore ports, and one may use the same Redis: names of the two worlds never meet.
WORLD = "ondijon_exercise" if EXERCISE else "ondijon"
EXERCISE_MIDDLEWARE = ["ondijon.exercise.pages.mark_pages"] if EXERCISE else []
ROOT_URLCONF = "ondijon.urls_exercise" if EXERCISE else "ondijon.urls"

if EXERCISE:
    guard(_env.list("EXERCISE_ADDRESSES", default=[]))
