from celery import shared_task

from journal.idempotency import forget_old


@shared_task(name="journal.forget_old_receipts", ignore_result=True)
def forget_old_receipts() -> None:
    forget_old()
