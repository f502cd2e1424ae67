from django.urls import path

from documents import views

urlpatterns = [
    path("", views.documents, name="documents"),
    path("index/", views.index_line, name="index_line"),
    path("<int:pk>/", views.document, name="document"),
    path("<int:pk>/row", views.row, name="document_row"),
    path("<int:pk>/retry/", views.retry, name="document_retry"),
    path("<int:pk>/delete/", views.delete, name="document_delete"),
    path("<int:pk>/original/", views.original, name="document_original"),
]
