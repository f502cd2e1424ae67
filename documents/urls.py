from django.urls import path

from documents.web import (
    views,
    views_collections,
    views_index,
    views_list,
    views_pages,
    views_sharing,
    views_try,
)

urlpatterns = [
    path("", views_list.documents, name="documents"),
    path("table/", views_list.table, name="documents_table"),
    path("several/", views_list.several, name="documents_several"),
    path("collections/", views_collections.make, name="collection_make"),
    path("collections/<int:pk>/rename/", views_collections.rename, name="collection_rename"),
    path("collections/<int:pk>/delete/", views_collections.delete, name="collection_delete"),
    path("collections/<int:pk>/sharing/", views_sharing.shared, name="collection_sharing"),
    path(
        "collections/<int:pk>/sharing/<int:grant>/revoke/",
        views_sharing.revoke,
        name="collection_revoke",
    ),
    path("collections/<int:pk>/leave/", views_sharing.leave, name="collection_leave"),
    path("index/", views_index.index_line, name="index_line"),
    path("index/reembed/", views_index.reembed, name="reembed"),
    path("index/reembed/<int:pk>/stop/", views_index.reembed_stop, name="reembed_stop"),
    path("<int:pk>/", views.document, name="document"),
    path("<int:pk>/read-again/", views_pages.read_again, name="document_read_again"),
    path("<int:pk>/try/", views_try.try_question, name="document_try"),
    path("<int:pk>/row", views_list.row, name="document_row"),
    path("<int:pk>/retry/", views.retry, name="document_retry"),
    path("<int:pk>/rename/", views.rename, name="document_rename"),
    path("<int:pk>/near/", views.near, name="document_near"),
    path("<int:pk>/stop/", views.stop, name="document_stop"),
    path("<int:pk>/password/", views.password, name="document_password"),
    path("<int:pk>/delete/", views.delete, name="document_delete"),
    path("<int:pk>/original/", views.original, name="document_original"),
]
