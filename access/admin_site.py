"""`/admin/`: Django's, opened by our own duties, and showing only what writes through services."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.apps import AdminConfig
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from access.permissions import Permission

if TYPE_CHECKING:
    AnyModelAdmin = ModelAdmin[Any]
else:
    AnyModelAdmin = ModelAdmin


class PostAdminConfig(AdminConfig):
    """In INSTALLED_APPS instead of `django.contrib.admin`."""

    default_site = "access.admin_site.PostAdminSite"


class PostAdmin(AnyModelAdmin):
    """Base of every page here: nothing is deleted, and the journal is the log."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def log_addition(self, *args: Any) -> None:  # type: ignore[override]
        return None

    def log_change(self, *args: Any) -> None:  # type: ignore[override]
        return None


class PostAdminSite(AdminSite):
    """Libraries register their models here as well; without our services behind them they stay out."""

    site_title = site_header = "OnDijon"
    index_title = _("Administration")
    site_url = "/"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        if admin_class is not None and issubclass(admin_class, PostAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def unregister(self, model_or_iterable: type[Model] | Iterable[type[Model]]) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        super().unregister([model for model in models if self.is_registered(model)])

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.access.holds(Permission.MANAGE_PEOPLE))  # type: ignore[attr-defined]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        from access.pages import turned_away

        return turned_away(request, Permission.MANAGE_PEOPLE) or redirect("admin:index")  # type: ignore[arg-type]

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        from access.views import logout

        return logout(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")
