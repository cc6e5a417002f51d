from celery import shared_task

from interventions.services import rostering, serial


@shared_task(name="interventions.extend_shifts", ignore_result=True)
def extend_shifts() -> None:
    rostering.extend_shifts()


@shared_task(name="interventions.make_planned_work", ignore_result=True)
def make_planned_work() -> None:
    serial.make_planned_work()
