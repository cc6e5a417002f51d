from datetime import timedelta

import pytest

from access.roles import Role
from incidents import services
from incidents.models import ProcedureRun, StepAct
from incidents.services.handing import leave_shift
from notifications import auditing, timers
from tests import cast
from tests.browser.conftest import Enter
from tests.incidents.escalations import declared, pass_time, policy, step

pytestmark = pytest.mark.usefixtures("committed")
D = "/tmp/n1/shots"
GAS = "hazard.gas_leak"
CHIEF = Role.INTERVENTION_COORDINATOR


def test_shots(enter: Enter) -> None:
    chief = cast.person(CHIEF, name="Farid Benali")
    cast.person(CHIEF, name="Claire Dubois")
    caller = cast.person(Role.CALL_TAKER, name="Amandine Roy")
    policy(
        step(2, StepAct.DUTY, role=CHIEF, vital=True),
        step(5, StepAct.ROTA, rota="direction", vital=True),
        step(10, StepAct.DUTY, role="crisis_director", vital=True),
        step(15, StepAct.CRISIS),
        category_id=GAS,
        untouched=15,
        name="Vital, gaz",
    )
    made = declared(caller, category=GAS, address="14 rue Monge", title="Forte odeur de gaz dans la cage d’escalier")
    pass_time(made, 3)
    for n, (c, p) in enumerate(
        [
            ("lighting.cabinet_failure", "P2"),
            ("green_spaces.fallen_tree", "P2"),
            ("roads.pothole", "P3"),
            ("public_safety.lost_child", "P1"),
            ("water.main_burst", "P2"),
        ]
    ):
        declared(caller, category=c, priority=p, address=f"{n + 3} rue de la Liberté")
    asleep = declared(caller, category="roads.bollard", address="place Darcy")
    services.snooze(incident_id=asleep.id, by=chief, minutes=60, reason="prestataire en route, arrivée 11 h 30")
    run = ProcedureRun.objects.get(incident=made)
    services.tick(incident_id=made.id, by=caller, run=run.id, step=1, state="done")
    services.tick(
        incident_id=made.id, by=caller, run=run.id, step=3, state="skipped", reason="aucune caméra dans cette rue"
    )
    for lang, theme in (("fr", "dark"), ("en", "light")):
        desk = enter(caller, f"/?incident={made.id}", language=lang, theme=theme, size=(1920, 1080))
        desk.live()
        desk.page.wait_for_selector(".todo li")
        desk.page.screenshot(path=f"{D}/drawer-{lang}-{theme}.png")
        desk.page.locator(".procedures").scroll_into_view_if_needed()
        desk.page.locator(".drawer").evaluate("e => e.scrollTop = 700")
        desk.page.screenshot(path=f"{D}/drawer2-{lang}-{theme}.png")
        desk.page.keyboard.press("s")
        desk.page.screenshot(path=f"{D}/snooze-{lang}-{theme}.png")
    timers.start(kind="tests.nobody", key="late", after=timedelta(minutes=-5))
    auditing.audit()
    desk = enter(caller, f"/?incident={asleep.id}", size=(1920, 1080))
    desk.page.wait_for_selector("#alarms li")
    desk.page.screenshot(path=f"{D}/alarms.png")
    phone = enter(caller, f"/?incident={made.id}", size=(360, 640))
    phone.page.wait_for_selector(".todo li")
    phone.page.locator(".drawer").evaluate("e => e.scrollTop = 500")
    phone.page.screenshot(path=f"{D}/drawer-phone.png")
    for lang, theme, size in (("fr", "dark", (1920, 1080)), ("en", "light", (1280, 720)), ("fr", "dark", (360, 640))):
        page = enter(caller, "/handover/", language=lang, theme=theme, size=size)
        page.page.screenshot(path=f"{D}/handover-{lang}-{theme}-{size[0]}.png", full_page=size[0] < 400)
    leave_shift(
        by=chief,
        notes="Surveiller la rue Monge : GRDF sur place, périmètre de 50 m.\nArmoire 112 en défaut différentiel, ne pas réarmer.",
    )
    page = enter(caller, "/handover/", size=(1920, 1080))
    page.page.screenshot(path=f"{D}/handover-take.png")
    admin = cast.person(Role.ADMINISTRATOR)
    from incidents.models import Policy, Procedure

    page = enter(admin, f"/admin/incidents/policy/{Policy.objects.get(key='p2').id}/change/", size=(1920, 1080))
    page.page.screenshot(path=f"{D}/admin-policy.png", full_page=True)
    page = enter(
        admin, f"/admin/incidents/procedure/{Procedure.objects.get(key='odeur-de-gaz').id}/change/", size=(1920, 1080)
    )
    page.page.screenshot(path=f"{D}/admin-procedure.png", full_page=True)
    with page.context.expect_page() as opened:
        page.page.locator("[name=_preview]").click()
    opened.value.wait_for_load_state()
    opened.value.screenshot(path=f"{D}/admin-preview.png", full_page=True)
    print(page.violations(), page.complaints)
