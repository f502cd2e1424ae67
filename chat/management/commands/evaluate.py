"""manage.py evaluate FOLDER: questions whose right places are known, asked by the ordinary road."""

import asyncio
import json
import time
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from chat.measuring import answer_run, computed_answers, reference_answers
from chat.measuring.answer_run import Answered
from chat.question_parsing import Wish
from documents.measuring import ablation, baselines, evaluation, facts
from documents.models import Collection, EvaluationRun
from localchat.accounts.people import command_user
from localchat.lib.errors import LocalChatError

SAY_SECONDS = 10.0  # between two lines where nobody watches


class Command(BaseCommand):
    help = (
        "Measure how well passages are found. Ends with 0 when every file could be read and,"
        " in a folder of facts, all of them hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--in-document", action="store_true", help="ask each question in its own file alone"
        )
        parser.add_argument(
            "--answers", action="store_true", help="have a chat model answer, and grade by rules"
        )
        parser.add_argument("--model", default="", help="with --answers: the chat model to ask")
        parser.add_argument(
            "--limit", type=int, default=0, metavar="N", help="with --answers: so many questions"
        )
        parser.add_argument(
            "--run",
            type=Path,
            metavar="FILE",
            help="write the run, as TREC has it; with --answers a line of JSON for each",
        )
        parser.add_argument(
            "--unanswerable",
            type=Path,
            metavar="OTHER",
            help="count how many questions are answered, and how many of OTHER's are declined",
        )
        parser.add_argument(
            "--without",
            action="append",
            default=[],
            choices=sorted(ablation.STAGES),
            help="leave this stage of the ranking out; the run is not kept",
        )
        parser.add_argument("--json", action="store_true", help="one object in place of the table")
        parser.add_argument("--user", default="", help="whose collection (default: the owner's)")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].resolve()
        if not folder.is_dir():
            raise CommandError(f"{options['folder']} is not a folder.")
        if options["answers"] and (options["in_document"] or options["unanswerable"]):
            raise CommandError(
                "--answers asks over the whole collection, and of this folder alone."
            )
        user = command_user(options["user"])
        self.began = self.said = time.monotonic()
        try:
            collection, refused = evaluation.bring(folder, user, self.progress)
            for line in refused:
                self.stderr.write(line)
            if evaluation.has_facts(folder) and not options["answers"]:
                self.facts(folder, user, collection, options["json"])
                return
            with ablation.without(options["without"]):
                self.measure(folder, user, collection, options)
        except (LocalChatError, OSError, KeyError, json.JSONDecodeError) as error:
            raise CommandError(f"{type(error).__name__}: {error}") from error
        if refused:
            raise CommandError(f"{len(refused)} files could not be read.")

    def measure(
        self, folder: Path, user: User, collection: Collection, options: dict[str, Any]
    ) -> None:
        if options["answers"]:
            self.answers(folder, user, collection, options)
        elif other := options["unanswerable"]:
            self.answerable(folder, other, user, collection, as_json=options["json"])
        else:
            self.questions(folder, user, collection, options)

    def questions(
        self, folder: Path, user: User, collection: Collection, options: dict[str, Any]
    ) -> None:
        qrels = evaluation.read_qrels(folder / "qrels.tsv")
        asked = evaluation.queries(folder)
        name = evaluation.naming(folder, qrels)
        run: evaluation.Run = {}
        seconds: list[float] = []
        notes: set[str] = set()
        self.began = last = time.monotonic()
        in_document = options["in_document"]
        for query, places, found in evaluation.ask(
            user, collection, asked, name, in_document=in_document
        ):
            run[query.id] = places
            notes.update(found.notes)
            seconds.append(time.monotonic() - last)
            last = time.monotonic()
            self.progress("asked", len(run), len(asked))
        if options["run"]:
            lines = "\n".join(evaluation.trec(run))
            options["run"].write_text(f"{lines}\n", encoding="utf-8")
        for note in sorted(notes):
            self.stderr.write(note)
        figures = {
            **evaluation.measure(qrels, run),
            "p50 ms": 1000 * _quantile(seconds, 0.5),
            "p95 ms": 1000 * _quantile(seconds, 0.95),
        }
        figures |= self.evidence(folder, collection)
        counts = {"documents": collection.documents.count(), "queries": len(asked)}
        if not options["without"]:
            self.keep(folder, user, {"in_document": in_document, "figures": figures, **counts})
        others = baselines.beside(folder, len(asked), in_document=in_document)
        self.report({"folder": folder.name, **counts, **figures}, options["json"], others)

    def answers(
        self, folder: Path, user: User, collection: Collection, options: dict[str, Any]
    ) -> None:
        model = answer_run.model_name(user, options["model"])
        every, ungraded = reference_answers.load(folder)
        asked = reference_answers.spread(every, options["limit"])
        if ungraded:
            self.stderr.write(f"{ungraded} questions are left out: no rule grades their answers.")
        given: list[Answered] = []
        self.began = time.monotonic()
        with options["run"].open("w", encoding="utf-8") if options["run"] else nullcontext() as run:

            def tell(answer: Answered) -> None:
                given.append(answer)
                self.progress("answered", len(given), len(asked))
                if run:  # at once: an hour's answers are not lost when it is broken off
                    run.write(json.dumps(answer._asdict(), ensure_ascii=False) + "\n")
                    run.flush()

            wish = Wish(model=model, collection=collection.name, without_notes=True)
            asyncio.run(answer_run.ask_all(user, wish, asked, tell))
        figures = answer_run.figures(given, model)
        counts = {"documents": collection.documents.count(), "queries": len(asked)}
        if not options["without"]:
            self.keep(folder, user, {"figures": figures, **counts})
        self.report({"folder": folder.name, **counts, **figures}, options["json"])

    def keep(self, folder: Path, user: User, facts: dict[str, Any]) -> None:
        EvaluationRun.objects.create(owner=user, folder=folder.name[:200], **facts)

    def answerable(
        self, folder: Path, other: Path, user: User, collection: Collection, *, as_json: bool
    ) -> None:
        own, others = evaluation.queries(folder), evaluation.queries(other)
        declined = [sum(evaluation.declined(user, collection, each)) for each in (own, others)]
        figures = {"queries": len(own), "answered": len(own) - declined[0]}
        figures |= {"of others": len(others), "declined": declined[1]}
        self.report({"folder": folder.name, **figures}, as_json)

    def evidence(self, folder: Path, collection: Collection) -> dict[str, float]:
        """How many of the texts of known pages are there, where the folder has such."""
        found = list(evaluation.gold_passages(folder, collection))
        missed = [each for each in found if each.share < evaluation.THERE]
        for each in missed:
            self.stderr.write(f"{each.file}#{each.page}: {each.share:.2f} of an evidence")
        return {"evidence": len(found), "on page": len(found) - len(missed)} if found else {}

    def facts(self, folder: Path, user: User, collection: Collection, as_json: bool) -> None:
        told = [*facts.facts(folder, collection), *facts.notated(folder, user, collection)]
        if asked := computed_answers.questions(folder):
            told += asyncio.run(computed_answers.ask_all(user, collection, asked))
        missed = [fact for fact in told if not fact.holds]
        for fact in sorted(missed):
            self.stderr.write(f"{fact.file}: {fact.what}")
        figures: dict[str, Any] = {"facts": len(told), "held": len(told) - len(missed)}
        share = figures["held"] / max(len(told), 1)
        counts = {"documents": collection.documents.count(), "queries": len(told)}
        self.keep(folder, user, {"figures": {**figures, "share held": share}, **counts})
        kinds = {kind: f"{held} of {every}" for kind, (held, every) in facts.by_kind(told).items()}
        named = {"kinds": kinds} if as_json and any(kinds) else {} if as_json else kinds
        self.report({"folder": folder.name, **named, **figures}, as_json)
        if not as_json:
            self.stdout.write(f"{figures['held']} of {figures['facts']}")
        if missed:
            raise CommandError(f"{len(missed)} of {len(told)} facts do not hold.")

    def report(
        self, figures: dict[str, object], as_json: bool, others: baselines.Rows | None = None
    ) -> None:
        """A column for this run, and one for each of the others."""
        others = others or {}
        if as_json:
            beside = {"baselines": others} if others else {}
            self.stdout.write(json.dumps(figures | beside))
            return
        wide = max(10, *map(len, figures))
        if others:
            heads = "".join(f"{name:>15}" for name in others)
            self.stdout.write(f"{'':<{wide}} {'this run':<12}{heads}")
        for name, value in figures.items():
            known = "".join(f"{_figure(name, row.get(name, '')):>15}" for row in others.values())
            self.stdout.write(f"{name:<{wide}} {_figure(name, value):<12}{known}".rstrip())

    def progress(self, stage: str, done: int, total: int) -> None:
        """On one line where somebody watches, else now and then; with what a second brings."""
        now = time.monotonic()
        watched = self.stderr.isatty()
        if now - self.said < (0.2 if watched else SAY_SECONDS):
            return
        self.said = now
        rate = done / max(now - self.began, 0.001)
        line = f"{done} of {total} {stage}, {rate:.1f}/s"
        self.stderr.write(f"\r\033[K{line}" if watched else line, ending="" if watched else "\n")


def _figure(name: str, value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    if name.endswith(" s"):
        return f"{value:.1f}"
    return f"{value:.0f}" if "ms" in name else f"{value:.4f}"


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
