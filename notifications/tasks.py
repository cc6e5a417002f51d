from celery import shared_task

from notifications import outbox, timers
from notifications.services import warning


@shared_task(name="notifications.sweep_timers", ignore_result=True)
def sweep_timers() -> None:
    timers.sweep()


@shared_task(name="notifications.forget_old_timers", ignore_result=True)
def forget_old_timers() -> None:
    timers.forget_old()


@shared_task(name="notifications.sweep_outbox", ignore_result=True)
def sweep_outbox() -> None:
    outbox.sweep()


@shared_task(name="notifications.warn_of_gaps", ignore_result=True)
def warn_of_gaps() -> None:
    warning.warn_of_gaps()
