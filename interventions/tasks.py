from celery import shared_task

from interventions.services import delivering, positioning


@shared_task(name="interventions.relay_webhooks", ignore_result=True)
def relay_webhooks() -> None:
    delivering.relay()


@shared_task(name="interventions.forget_old_deliveries", ignore_result=True)
def forget_old_deliveries() -> None:
    delivering.forget_old()


@shared_task(name="interventions.forget_old_positions", ignore_result=True)
def forget_old_positions() -> None:
    positioning.forget_old()
