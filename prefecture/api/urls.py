from django.urls import path

from prefecture.api import views

urlpatterns = [
    path("prefecture/", views.PictureView.as_view(), name="api-prefecture"),
    path("prefecture/link/", views.LinkStateView.as_view(), name="api-prefecture-link"),
    path("prefecture/messages/", views.MessagesView.as_view(), name="api-prefecture-messages"),
    path("prefecture/alerts/", views.AlertsView.as_view(), name="api-prefecture-alerts"),
    path("prefecture/messages/<uuid:message_id>/", views.MessageView.as_view(), name="api-prefecture-message"),
    path("prefecture/messages/<uuid:message_id>/read/", views.ReadView.as_view(), name="api-prefecture-read"),
    path("prefecture/messages/<uuid:message_id>/again/", views.AgainView.as_view(), name="api-prefecture-again"),
    path("prefecture/instructions/<uuid:instruction_id>/done/", views.DoneView.as_view(), name="api-prefecture-done"),
    path("prefecture/drafts/<uuid:draft_id>/accept/", views.ApproveView.as_view(), name="api-prefecture-approve"),
    path("prefecture/drafts/<uuid:draft_id>/discard/", views.DismissView.as_view(), name="api-prefecture-dismiss"),
]
