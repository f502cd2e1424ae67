"""What each role of a shared collection may do. A new road that names a document has to be entered."""

# What whom a collection is shared with may do: the least role for each method and road on which a
# document or a collection is named. Who may read it is refused the rest.
NEEDED = """
reader | GET documents/<int:pk>/ documents/<int:pk>/try/ documents/<int:pk>/row
reader | GET documents/<int:pk>/original/
reader | GET api/documents/<int:document_id> api/documents/<int:document_id>/chunks
reader | GET api/documents/<int:document_id>/original api/documents/<int:document_id>/pages
reader | GET api/documents/<int:document_id>/pages/<int:page>.webp
reader | GET v1/files/<file_id> v1/files/<file_id>/content
reader | GET api/collections/<int:collection_id>
reader | POST documents/collections/<int:pk>/leave/ api/collections/<int:collection_id>/leave
writer | POST documents/<int:pk>/read-again/ documents/<int:pk>/retry/ documents/<int:pk>/near/
writer | POST documents/<int:pk>/rename/ documents/<int:pk>/stop/ documents/<int:pk>/password/
writer | PATCH api/documents/<int:document_id>
writer | POST api/documents/<int:document_id>/pages/<int:page>/read
writer | POST api/documents/<int:document_id>/password api/documents/<int:document_id>/near
writer | POST api/documents/<int:document_id>/retry
writer | POST api/collections/<int:collection_id>/documents
keeper | POST documents/<int:pk>/delete/ documents/collections/<int:pk>/rename/
keeper | DELETE api/documents/<int:document_id> v1/files/<file_id>
keeper | PATCH api/collections/<int:collection_id>
keeper | GET POST api/collections/<int:collection_id>/grants
keeper | DELETE api/collections/<int:collection_id>/grants/<int:grant_id>
keeper | GET POST documents/collections/<int:pk>/sharing/
keeper | POST documents/collections/<int:pk>/sharing/<int:grant>/revoke/
owner | POST documents/collections/<int:pk>/delete/
owner | DELETE api/collections/<int:collection_id>
"""


def needed() -> dict[tuple[str, str], str]:
    """The least role by method and road."""
    found = {}
    for line in filter(None, NEEDED.splitlines()):
        role, _, said = line.partition(" | ")
        methods = [each for each in said.split() if each.isupper()]
        roads = [each for each in said.split() if not each.isupper()]
        found |= {(method, road): role for method in methods for road in roads}
    return found
