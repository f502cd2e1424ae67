from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.generic import RedirectView

from localchat.accounts import views
from localchat.accounts.audit import views as audit
from localchat.accounts.directory import views as directory
from localchat.accounts.invitations import views as invitations
from localchat.accounts.openid import views as openid
from localchat.accounts.second_factor import views as second_factor
from localchat.accounts.sign_ins import views as sign_ins

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("login/code/", second_factor.ask, name="login_code"),
    path("login/openid/", openid.begin, name="openid"),
    path("login/openid/done/", openid.done, name="openid_done"),
    path("account/openid/remove/", openid.remove, name="openid_remove"),
    path("account/directory/", directory.connect, name="directory"),
    path("account/directory/remove/", directory.remove, name="directory_remove"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("account/", sign_ins.page, name="account"),
    path("account/log-ins/<int:pk>/end/", sign_ins.end, name="sign_in_end"),
    path("account/log-ins/end-others/", sign_ins.end_others, name="sign_ins_end"),
    path("account/second-factor/", second_factor.set_up, name="second_factor"),
    path("account/second-factor/remove/", second_factor.remove, name="second_factor_remove"),
    path("audit/", audit.page, name="audit"),
    path("audit/log.<str:form>", audit.export, name="audit_export"),
    path("invitation/", invitations.accept, name="invitation"),
    path("invitations/", invitations.page, name="invitations"),
    path("invitations/<int:pk>/revoke/", invitations.revoke, name="invitation_revoke"),
    # The admin's own form would count no wrong passwords.
    path("admin/login/", RedirectView.as_view(pattern_name="login", query_string=True)),
]
