"""Twelve documents that were made up, and a hundred questions of them with their answers.

python -m tests.answers FOLDER writes them out for `manage.py evaluate FOLDER --answers`.
"""
