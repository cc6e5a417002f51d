"""The door. Hand-picked from django-allauth: no sign-up, no e-mail, no reset by mail (an administrator does it)."""

from allauth.account import views as account_views
from allauth.socialaccount import views as social_views
from django.urls import include, path
from django.views.generic import TemplateView

from access import oidc, views
from access.oauth import TokenView

urlpatterns = [
    path("login/", views.LoginView.as_view(), name="account_login"),
    path("login/as/<slug:login>/", views.demo_login, name="demo_login"),
    path(
        "login/disabled/",
        TemplateView.as_view(template_name="account/account_inactive.html"),
        name="account_inactive",
    ),
    path(
        "login/unknown/",
        TemplateView.as_view(template_name="socialaccount/unknown.html"),
        name="socialaccount_unknown",
    ),
    path("login/cancelled/", social_views.login_cancelled, name="socialaccount_login_cancelled"),
    path("login/error/", social_views.login_error, name="socialaccount_login_error"),
    path("login/oidc/<slug:provider_id>/", oidc.login, name="openid_connect_login"),
    path("login/oidc/<slug:provider_id>/callback/", oidc.callback, name="openid_connect_callback"),
    path("logout/", views.logout, name="account_logout"),
    path("no-duty/", views.no_duty, name="no_duty"),
    path("language/", views.set_language, name="set_language"),
    path("account/", views.account, name="account"),
    path("account/confirm/", account_views.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account_views.password_change, name="account_change_password"),
    path("account/password/set/", account_views.password_set, name="account_set_password"),
    path("account/second-factor/webauthn/login/", views.PasskeyLoginView.as_view(), name="mfa_login_webauthn"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("oauth/token/", TokenView.as_view(), name="oauth_token"),
]
