"""An identity provider, by the requests that it sends by SCIM."""

import json

from django.test import Client

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Provider:
    def __init__(self, token):
        self.client = Client(headers={"authorization": f"Bearer {token}"})

    def ask(self, method, road, body=None, status=200):
        sent = json.dumps(body) if body is not None else ""
        answer = self.client.generic(
            method, f"/scim/v2/{road}", sent, content_type="application/scim+json"
        )
        assert answer.status_code == status, answer.content
        if answer.content:
            assert answer["Content-Type"] == "application/scim+json"
        return json.loads(answer.content or "null")

    def person(self, called, **facts):
        return self.ask("POST", "Users", {"schemas": [USER], "userName": called, **facts}, 201)

    def group(self, name, *members):
        body = {"schemas": [GROUP], "displayName": name, "members": values(*members)}
        return self.ask("POST", "Groups", body, 201)

    def patch(self, found, *operations, status=200):
        kind = "Groups" if "displayName" in found else "Users"
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return self.ask("PATCH", f"{kind}/{found['id']}", body, status)

    def named(self, name):
        return self.ask("GET", f'Users?filter=userName eq "{name}"')["Resources"][0]


def as_wsgi(client):
    """The program as the testers call it, within the test's transaction."""
    names = ("CONTENT_TYPE", "HTTP_AUTHORIZATION", "QUERY_STRING")

    def app(environ, start):
        answer = client.generic(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            environ["wsgi.input"].read(),
            **{name: environ[name] for name in names if name in environ},
        )
        start(f"{answer.status_code} {answer.reason_phrase}", [*answer.items()])
        return [answer.content]

    return app


def values(*found):
    return [{"value": each["id"]} for each in found]
