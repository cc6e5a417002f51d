from celery import shared_task

from prefecture.services import reconciling, relaying, weighing


@shared_task(name="prefecture.relay", ignore_result=True)
def relay() -> None:
    relaying.relay()


@shared_task(name="prefecture.weigh", ignore_result=True)
def weigh() -> None:
    weighing.weigh()


@shared_task(name="prefecture.reconcile", ignore_result=True)
def reconcile() -> None:
    reconciling.reconcile()


@shared_task(name="prefecture.forget_nonces", ignore_result=True)
def forget_nonces() -> None:
    reconciling.forget_nonces()
