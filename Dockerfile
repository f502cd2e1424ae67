# The web and the jobs of LocalChat; PostgreSQL and Redis come from docker-compose.yml.
FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 LOCALCHAT_DATA=/data
WORKDIR /app
RUN useradd --system --uid 10001 --home-dir /data localchat && install -d -o localchat /data /backups
COPY requirements.lock .
COPY documents/readers/ocr.lock documents/readers/
RUN pip install --only-binary :all: --require-hashes -r documents/readers/ocr.lock
COPY . .
USER localchat
RUN python manage.py models --fetch-builtin
EXPOSE 8000
CMD ["python", "-m", "localchat.web.daphne_server", "-b", "0.0.0.0", "-p", "8000", "localchat.asgi:application"]
