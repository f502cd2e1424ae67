"""Every road. Pages and the API are in the apps; here they get their place."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from localchat.accounts.scim.api import api as scim
from localchat.accounts.urls import urlpatterns as account_urls
from localchat.lib.pages import telling
from localchat.web import api_keys, keeping, log_page, settings_page
from localchat.web.api import api
from localchat.web.figures import as_prometheus
from localchat.web.protocols import anthropic, ollama, openai
from localchat.web.reached import reached
from localchat.web.system import failed, healthz, readyz

handler500 = failed
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("reached", reached, name="reached"),
    path("metrics", telling(as_prometheus)),
    *account_urls,
    path("api-keys/", api_keys.page, name="api_keys"),
    path("api-keys/<int:pk>/revoke/", api_keys.revoke, name="api_key_revoke"),
    path("language/", set_language, name="language"),
    path("admin/settings/", admin.site.admin_view(settings_page.page), name="settings"),
    path("admin/logs/", admin.site.admin_view(log_page.page), name="logs"),
    path("admin/logs/log.txt", admin.site.admin_view(log_page.as_text), name="logs_text"),
    path("admin/server/", admin.site.admin_view(keeping.server), name="server"),
    path("admin/", admin.site.urls),
    path("api/", api.urls),
    path("v1/", openai.api.urls),
    path("v1/", anthropic.api.urls),
    path("scim/v2/", scim.urls),
    path("ollama/api/", ollama.api.urls),
    path("", include("chat.urls")),
    path("documents/", include("documents.urls")),
    path("models/", include("models_mgmt.urls")),
]
