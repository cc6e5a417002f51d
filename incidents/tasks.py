from celery import shared_task

from incidents.services import attaching, forgetting


@shared_task(name="incidents.forget_old_reporters", ignore_result=True)
def forget_old_reporters() -> None:
    forgetting.forget_old_reporters()


@shared_task(name="incidents.sweep_files", ignore_result=True)
def sweep_files() -> None:
    attaching.sweep()
