"""Run the stand-in by hand until Ctrl-C."""

import argparse
import threading

from tests.engine_server import EngineServer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rate", type=float, default=20.0, help="tokens a second")
    parser.add_argument("--answer", default="This is an answer of the stand-in, word by word. " * 8)
    parser.add_argument("--slots", type=int, default=0, help="answers at once; 0: any number")
    wishes = parser.parse_args()
    with EngineServer(port=wishes.port, slots=wishes.slots) as server:
        server.script(answer=wishes.answer, rate=wishes.rate)
        print(f"OLLAMA_HOST={server.url}", flush=True)  # noqa: T201
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
