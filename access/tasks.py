from celery import shared_task

from access.keys import forget_old_tokens


@shared_task(name="access.forget_old_tokens", ignore_result=True)
def forget_old_tokens_task() -> None:
    forget_old_tokens()
