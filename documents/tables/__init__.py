"""Questions over whole tables: a closed grammar, the roads to it, and what it computes.

Nothing here knows of Django, files or models: a table comes in, a sentence goes out.
"""
