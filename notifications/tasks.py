from celery import shared_task

from notifications import timers


@shared_task(name="notifications.sweep_timers", ignore_result=True)
def sweep_timers() -> None:
    timers.sweep()
