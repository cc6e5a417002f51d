from django.urls import path

from notifications import gateway_views

urlpatterns = [
    path("gateway/receipts/", gateway_views.receipts, name="gateway_receipts"),
    path("gateway/replies/", gateway_views.replies, name="gateway_replies"),
]
