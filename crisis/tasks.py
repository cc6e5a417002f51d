from celery import shared_task

from crisis.services import guarding, retaining, stamping


@shared_task(name="crisis.guard_records", ignore_result=True)
def guard_records() -> None:
    guarding.guard_all()


@shared_task(name="crisis.stamp_waiting", ignore_result=True)
def stamp_waiting() -> None:
    stamping.stamp_waiting()


@shared_task(name="crisis.forget_old", ignore_result=True)
def forget_old() -> None:
    retaining.forget_old()
