"""Categories as the post has them; they come from `incidents/data/categories.toml`, so the page only shows them."""

from django.contrib import admin
from django.http import HttpRequest

from access.admin_site import PostAdmin
from incidents import admin_rules as admin_rules  # registers the editors of policies and procedures
from incidents.models import Category


@admin.register(Category)
class CategoryAdmin(PostAdmin):
    list_display = ("key", "label", "default_priority", "organisation", "first_response_minutes", "resolution_minutes")
    list_filter = ("default_priority", "public", "active")
    list_select_related = ("organisation",)
    search_fields = ("key", "label_fr", "label_en")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
