"""What is where in the directory of `ldap_server`."""

BASE = "dc=example,dc=org"
PEOPLE, GROUPS = f"ou=people,{BASE}", f"ou=groups,{BASE}"
READER, READERS_PASSWORD = f"cn=reader,{BASE}", "of-the-reader"
PASSWORD = "as-it-is-there"  # of everybody
