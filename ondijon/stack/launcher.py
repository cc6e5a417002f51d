"""`manage.py demo` and `manage.py up`: one command, one Ctrl-C."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import sys
import time

from . import commands, exercise, prefecture, programs
from .errors import StackError, last_words
from .memory import JOINED, Memory
from .ports import HOST, free_port, is_free
from .post import Plan, Post
from .processes import Child

FIRST_PORT, LIVE_PORT, GATEWAY_PORT = 8000, 8001, 8025
RESTARTS, WINDOW_SECONDS = 4, 120.0


def say(line: str) -> None:
    print(f"  {line} …", flush=True)


def run(command: str, options: argparse.Namespace) -> int:
    """Start the post, watch it until Ctrl-C, SIGTERM or a loss that cannot be mended, stop it. Exit status."""
    began = time.monotonic()
    var = commands.var_folder()
    memory = Memory(exercise.folder_in(var) if options.exercise else var)
    with memory.held():
        clear_leftovers(memory)
        if getattr(options, "fresh", False):
            erase(memory)
        simulated = command == "demo" and not options.exercise
        side = prefecture.OtherSide.make(memory) if simulated else None
        post = made(plan(command, options, memory, side), options)
        try:
            return live(command, options, post, memory, began, side)
        except KeyboardInterrupt:
            print("\n  stopping …", flush=True)
            return 0
        finally:
            asked = time.monotonic()
            post.stop()
            memory.forget()
            print(f"  stopped after {time.monotonic() - asked:.1f} s", flush=True)


def made(plan: Plan, options: argparse.Namespace) -> Post:
    if options.exercise:
        return exercise.ExercisePost(exercise.planned(plan, os.environ), say=say)
    return Post(plan, say=say)


def live(
    command: str, options: argparse.Namespace, post: Post, memory: Memory, began: float,
    side: prefecture.OtherSide | None,
) -> int:  # fmt: skip
    say("starting the servers")
    post.start_servers()
    remember(post, memory)
    post.prepare()
    if command == "up":
        refuse_unsafe(post)
    post.add("auditor", programs.auditor())
    if command == "demo":
        add_gateway(post)
    if command == "demo" and not options.quiet_city and not options.exercise:
        add_simulator(post, memory)
    if side is not None:
        prefecture.add(post, memory, side)
    say("starting the post")
    try:
        post.start_programs()
    finally:
        remember(post, memory)
    welcome(command, post, time.monotonic() - began, exercising=options.exercise)
    if side is not None:
        print(f"  The prefecture's side of the link (simulated): {side.url}/\n", flush=True)
    return watch(post, memory)


def add_simulator(post: Post, memory: Memory) -> None:
    """The demo's city; its citizens report through Open311 with a key of their own, made once per database."""

    def make() -> str:
        wanted = ("simulator", "--label", "Application citoyenne (simulateur)", "--organisation", "dijon-metropole")
        return post.manage("create_api_key", *wanted).strip()

    child = post.add("simulator", programs.simulator(post.web_urls[0]))
    child.env = {**child.env, "SIMULATOR_API_KEY": memory.kept("simulator_key", make)}


def add_gateway(post: Post) -> None:
    """Where the demo's text messages, calls and e-mail arrive: its ports are those that the post was told."""
    ports = [post.plan.env[name].rpartition(":")[2] for name in ("GATEWAY_URL", "EMAIL_URL")]
    post.add("gateway", programs.local_gateway(int(ports[0]), int(ports[1]), post.web_urls[0]))


def gateway_env(memory: Memory) -> dict[str, str]:
    """What the demo's programs need to know of the local gateway."""
    return {
        "GATEWAY_URL": f"http://{HOST}:{next_port(GATEWAY_PORT)}",
        "GATEWAY_SECRET": memory.kept("gateway_secret", lambda: secrets.token_urlsafe(32)),
        "GATEWAY_HAS_PAGE": "1",
        "EMAIL_URL": f"smtp://{HOST}:{free_port()}",
    }


def clear_leftovers(memory: Memory) -> None:
    """After kill -9 of a launcher: end the programs first, then the servers, as a normal stop would."""
    leftovers = memory.leftovers()
    if leftovers:
        say(f"stopping {len(leftovers)} programs that a killed launcher left behind")
    for identity in leftovers:
        if identity.name not in ("PostgreSQL", "Valkey"):
            identity.end(seconds=0.5)
    for identity in leftovers:
        if identity.name == "Valkey":
            identity.end(seconds=1)
    memory.forget()  # PostgreSQL's own pid file leads to what is left of it


def erase(memory: Memory) -> None:
    say("throwing the old data away")
    Post(Plan(memory.folder, passwords=memory.passwords()), say=say).erase()
    for name in ("simulator_key", "cod_client"):
        memory.drop(name)
    shutil.rmtree(memory.folder / "media", ignore_errors=True)


def plan(command: str, options: argparse.Namespace, memory: Memory, side: prefecture.OtherSide | None = None) -> Plan:
    """The post of this folder; addresses from the environment replace the embedded servers."""
    first, first_live = (exercise.FIRST_PORT, exercise.LIVE_PORT) if options.exercise else (FIRST_PORT, LIVE_PORT)
    port: int = options.port or next_port(first)
    live_port: int | None = getattr(options, "live_port", None) or (first_live if command == "up" else None)
    for wanted, option in ((port, "--port"), (live_port, "--live-port")):
        if wanted and not is_free(wanted):
            raise StackError(f"port {wanted} is taken; name another one with {option}.")
    demo = command == "demo"
    env = {"DEMO": "1", "SECRET_KEY": memory.secret("secret_key")} if demo else {"PRODUCTION": "1"}
    if demo:
        env |= gateway_env(memory)
    if side is not None:
        env |= side.for_the_post()
    if not demo:
        env |= {name: os.environ.get(name, "") for name in ("PUBLIC_ORIGIN", "LIVE_URL")}
    return Plan(
        folder=memory.folder, port=port, live_port=live_port, passwords=memory.passwords(), env=env,
        load_world=("load_world", "--demo-people") if demo else ("load_world",),
        database_url=os.environ.get("DATABASE_URL", ""), owner_url=os.environ.get("DATABASE_OWNER_URL", ""),
        redis_url=os.environ.get("REDIS_URL", ""),
    )  # fmt: skip


def next_port(first: int) -> int:
    return next((port for port in range(first, first + 20) if is_free(port)), None) or free_port()


def refuse_unsafe(post: Post) -> None:
    """`check --deploy`, with warnings as refusals, and the production names of the static files."""
    say("checking the configuration")
    unsafe = "the configuration is not safe for a real post, so it was not started"
    post.manage("check", "--deploy", "--fail-level", "WARNING", "--database", "default", failed=unsafe)
    say("preparing the static files")
    post.manage("collectstatic", "--no-input", "--verbosity", "0")


def remember(post: Post, memory: Memory) -> None:
    environ = post.environ()
    memory.remember(
        url=post.web_urls[0],
        environ={name: environ[name] for name in JOINED if name in environ},
        processes=[child.identity() for child in post.children()],
    )


def welcome(command: str, post: Post, seconds: float, *, exercising: bool) -> None:
    port = post.web[0].port
    if exercising:
        print("\n  EXERCICE · EXERCICE · EXERCICE: a world apart, nothing here is real.", flush=True)
    print(f"\n  OnDijon is ready after {seconds:.1f} s: http://{HOST}:{port}/", flush=True)
    if command == "demo":
        print("  Enter with one click as one of these people, no password (the login page lists them):")
        print(demo_people(post), flush=True)
        print(f"  Text messages, calls and e-mail arrive at {post.plan.env['GATEWAY_URL']}/", flush=True)
    print(f"  Logs: {post.logs}. Ctrl-C stops everything.\n", flush=True)


def demo_people(post: Post) -> str:
    """One line for each demo person: login and duty, in the words of the login page."""
    os.environ.update(post.environ())
    import django

    django.setup()
    from django.utils.translation import override

    from access.demo import PEOPLE

    with override("fr"):
        width = max(len(person.login) for person in PEOPLE)
        return "\n".join(f"    {person.login:<{width}}  {person.title}" for person in PEOPLE)


class Watch:
    """Restarts what dies, and gives up on what dies again and again."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.deaths: dict[str, list[float]] = {}

    def mend(self) -> bool:
        """Restart what is not alive; True when there was something. Raises StackError when it is no use."""
        dead = [child for child in self.post.children() if not child.alive()]
        for child in dead:
            child.kill()  # what it left of its own children
            if not self._too_often(child):
                tell(f"{child.name} stopped by itself; starting it again (log: {child.log})")
                self._start(child)
            elif child in self.post.others:
                tell(f"{child.name} keeps stopping and is left out; the post goes on (log: {child.log})")
                self.post.others.remove(child)
            else:
                raise StackError(f"{child.name} keeps stopping (log: {child.log}). It said: {last_words(child.log, 3)}")
        return bool(dead)

    def _start(self, child: Child) -> None:
        if self.post.postgres and child is self.post.postgres.child:
            self.post.postgres.start()
        else:
            child.start(wait=False)

    def _too_often(self, child: Child) -> bool:
        now = time.monotonic()
        recent = [t for t in self.deaths.get(child.name, []) if now - t < WINDOW_SECONDS] + [now]
        self.deaths[child.name] = recent
        return len(recent) > RESTARTS


def tell(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def watch(post: Post, memory: Memory) -> int:
    """Stay until interrupted."""
    guard = Watch(post)
    while True:
        time.sleep(0.3)
        if guard.mend():
            remember(post, memory)
