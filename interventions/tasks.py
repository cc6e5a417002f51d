from celery import shared_task

from interventions.planning import services as planning
from interventions.services import delivering, positioning, rostering, serial


@shared_task(name="interventions.relay_webhooks", ignore_result=True)
def relay_webhooks() -> None:
    delivering.relay()


@shared_task(name="interventions.forget_old_deliveries", ignore_result=True)
def forget_old_deliveries() -> None:
    delivering.forget_old()


@shared_task(name="interventions.forget_old_positions", ignore_result=True)
def forget_old_positions() -> None:
    positioning.forget_old()


@shared_task(name="interventions.extend_shifts", ignore_result=True)
def extend_shifts() -> None:
    rostering.extend_shifts()


@shared_task(name="interventions.make_planned_work", ignore_result=True)
def make_planned_work() -> None:
    serial.make_planned_work()


@shared_task(name="interventions.work_out_plans", ignore_result=True)
def work_out_plans() -> None:
    planning.work_out_all()
