from django.urls import path

from notifications.api import alarms, messages, rotas

urlpatterns = [
    path("alarms/", alarms.AlarmsView.as_view(), name="api-alarms"),
    path("notifications/", messages.MessagesView.as_view(), name="api-messages"),
    path("notifications/preferences/", messages.PreferencesView.as_view(), name="api-preferences"),
    path("notifications/<uuid:message_id>/acknowledge/", messages.AcknowledgeView.as_view(), name="api-message-ack"),
    path("notifications/<uuid:message_id>/read/", messages.ReadView.as_view(), name="api-message-read"),
    path("push-subscriptions/", messages.SubscriptionsView.as_view(), name="api-push-subscriptions"),
    path(
        "push-subscriptions/<uuid:subscription_id>/", messages.SubscriptionView.as_view(), name="api-push-subscription"
    ),
    path("on-call/", rotas.OnCallView.as_view(), name="api-on-call"),
    path("on-call/<uuid:rota_id>/", rotas.RotaView.as_view(), name="api-on-call-rota"),
    path("on-call/<uuid:rota_id>/end/", rotas.EndRotaView.as_view(), name="api-on-call-end"),
    path("on-call/<uuid:rota_id>/shifts/", rotas.ShiftsView.as_view(), name="api-on-call-shifts"),
    path("on-call/<uuid:rota_id>/layers/", rotas.LayersView.as_view(), name="api-on-call-layers"),
    path("on-call/<uuid:rota_id>/overrides/", rotas.OverridesView.as_view(), name="api-on-call-overrides"),
    path("on-call/<uuid:rota_id>/swaps/", rotas.SwapsView.as_view(), name="api-on-call-swaps"),
    path("overrides/<uuid:override_id>/", rotas.OverrideView.as_view(), name="api-override"),
    path("swaps/<uuid:swap_id>/answer/", rotas.SwapAnswerView.as_view(), name="api-swap-answer"),
    path("swaps/<uuid:swap_id>/", rotas.SwapView.as_view(), name="api-swap"),
    path("drills/", rotas.DrillsView.as_view(), name="api-drills"),
    path("drills/<uuid:drill_id>/", rotas.DrillView.as_view(), name="api-drill"),
]
