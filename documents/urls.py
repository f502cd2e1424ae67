from django.urls import path

from documents import collection_views, page_views, table, trying, views

urlpatterns = [
    path("", table.documents, name="documents"),
    path("table/", table.table, name="documents_table"),
    path("several/", table.several, name="documents_several"),
    path("collections/", collection_views.make, name="collection_make"),
    path("collections/<int:pk>/rename/", collection_views.rename, name="collection_rename"),
    path("collections/<int:pk>/delete/", collection_views.delete, name="collection_delete"),
    path("index/", views.index_line, name="index_line"),
    path("<int:pk>/", views.document, name="document"),
    path("<int:pk>/read-again/", page_views.read_again, name="document_read_again"),
    path("<int:pk>/try/", trying.try_question, name="document_try"),
    path("<int:pk>/row", table.row, name="document_row"),
    path("<int:pk>/retry/", views.retry, name="document_retry"),
    path("<int:pk>/rename/", views.rename, name="document_rename"),
    path("<int:pk>/near/", views.near, name="document_near"),
    path("<int:pk>/stop/", views.stop, name="document_stop"),
    path("<int:pk>/password/", views.password, name="document_password"),
    path("<int:pk>/delete/", views.delete, name="document_delete"),
    path("<int:pk>/original/", views.original, name="document_original"),
]
