"""Roads of log-ins and accounts, as in `roads`."""

PEOPLE: dict[str, dict[str, str]] = {
    "logout/": {},
    "password/": {},
    "api-keys/": {},
    "api-keys/<int:pk>/revoke/": {"pk": "api_key"},
    "login/code/": {},
    "login/openid/": {},
    "login/openid/done/": {},
    "account/openid/remove/": {},
    "account/directory/": {},
    "account/directory/remove/": {},
    "account/": {},
    "account/second-factor/": {},
    "account/second-factor/remove/": {},
    "account/log-ins/<int:pk>/end/": {"pk": "sign_in"},
    "account/log-ins/end-others/": {},
}
