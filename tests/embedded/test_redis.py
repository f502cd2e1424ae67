import redis as client

from localchat.embedded import redis


def test_redis_listens_on_its_socket_alone(data, run):
    server = redis.Server(data, run)
    url = server.start()
    with client.Redis.from_url(url) as connection:
        assert connection.config_get("port") == {"port": "0"}
        assert connection.config_get("save") == {"save": ""}
    server.stop()
    assert not redis.answers(run)


def test_a_socket_that_was_left_behind_is_not_in_the_way(data, run):
    server = redis.Server(data, run)
    server.start()
    server.process.kill()
    server.process.wait()
    assert (run / "redis.sock").exists(), "nothing stale to recover from"
    server.start()
    server.stop()
