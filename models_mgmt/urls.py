from django.urls import path

from models_mgmt import views

urlpatterns = [
    path("", views.models, name="models"),
    path("list/", views.installed, name="model_list"),
    path("line/", views.line, name="model_line"),
    path("worth/", views.worth_having, name="models_worth"),
    path("unload/", views.unload, name="model_unload"),
    path("choose/", views.choose, name="model_choose"),
    path("delete/", views.delete, name="model_delete"),
    path("pulls/<int:pk>/", views.pull, name="pull"),
    path("pulls/<int:pk>/stop/", views.stop, name="pull_stop"),
]
