from django.urls import path

from incidents.api import acts, adding, filtering, following, handovers, views

urlpatterns = [
    path("incidents/", views.IncidentsView.as_view(), name="api-incidents"),
    path("incidents/counts/", views.CountsView.as_view(), name="api-incident-counts"),
    path("incidents/nearby/", views.NearbyView.as_view(), name="api-incidents-nearby"),
    path("incidents/export.csv", filtering.ExportView.as_view(), name="api-incidents-export"),
    path("incidents/<uuid:incident_id>/", views.IncidentView.as_view(), name="api-incident"),
    path("incidents/<uuid:incident_id>/reports/", adding.ReportsView.as_view(), name="api-incident-reports"),
    path("incidents/<uuid:incident_id>/comments/", adding.CommentsView.as_view(), name="api-incident-comments"),
    path(
        "incidents/<uuid:incident_id>/attachments/", adding.AttachmentsView.as_view(), name="api-incident-attachments"
    ),
    *(
        path(f"incidents/<uuid:incident_id>/{name}/", view.as_view(), name=f"api-incident-{name}")
        for name, view in acts.VIEWS.items()
    ),
    path("incidents/<uuid:incident_id>/escalation/", following.EscalationView.as_view(), name="api-escalation"),
    path("incidents/<uuid:incident_id>/procedures/", following.ProceduresView.as_view(), name="api-procedures"),
    path("incidents/<uuid:incident_id>/ticks/", following.TicksView.as_view(), name="api-ticks"),
    path("handovers/", handovers.HandoversView.as_view(), name="api-handovers"),
    path("handovers/<uuid:handover_id>/take/", handovers.TakeView.as_view(), name="api-handover-take"),
    path("attachments/<uuid:attachment_id>/", adding.AttachmentView.as_view(), name="api-attachment"),
    path("reports/", adding.BulkView.as_view(), name="api-reports"),
    path("categories/", views.CategoriesView.as_view(), name="api-categories"),
    path("saved-filters/", filtering.SavedFiltersView.as_view(), name="api-saved-filters"),
    path("saved-filters/<uuid:filter_id>/", filtering.SavedFilterView.as_view(), name="api-saved-filter"),
]
