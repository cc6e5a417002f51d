from celery import shared_task

from interventions.services import positioning


@shared_task(name="interventions.forget_old_positions", ignore_result=True)
def forget_old_positions() -> None:
    positioning.forget_old()
