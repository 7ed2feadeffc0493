"""A chat-completions server on loopback that answers by script and misbehaves on command.

`with ModelServer(reply) as server:` serves at `server.base_url`; `reply` is asked once a request and answers with a
`Reply`.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came over the wire."""

    body: dict[str, Any]
    headers: dict[str, str]
    at: float

    @property
    def mode(self) -> str:
        """How the answer's form is asked for: tools, json_schema, json or md_json."""
        if "tools" in self.body:
            return "tools"
        kind = self.body.get("response_format", {}).get("type")
        return {"json_schema": "json_schema", "json_object": "json"}.get(kind, "md_json")

    @property
    def task(self) -> str:
        """The task, told by the first field of the schema."""
        text = json.dumps(self.body, ensure_ascii=False)
        return next(name for name, key in TASKS.items() if f'"{key}"' in text or f'\\"{key}\\"' in text)

    @property
    def text(self) -> str:
        """What the user says: everything sent after the examples, up to a question asked again."""
        users = [at for at, m in enumerate(self.body["messages"]) if m["role"] == "user"]
        first = next((at for at in users if "__INPUT__" in str(self.body["messages"][at]["content"])), None)
        spoken = self.body["messages"][users[-1] if first is None else first]["content"]
        return str(spoken)

    @property
    def everything(self) -> str:
        """All messages as one text."""
        return "\n".join(str(message.get("content")) for message in self.body["messages"])


TASKS = {
    "extract": "claims",
    "link": "links",
    "goal": "unanswered",
    "note": "without_reason",
    "wording": "contradictions",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server does: `answer` as the model's JSON, or `raw` bytes of a body, after `delay` seconds.

    `content` is the model's text as it stands, `message` the whole message; `usage` may be anything a service reports.
    `drop` closes the connection without a word, `broken` in the middle of the body.
    """

    answer: Any = None
    content: str | None = None
    raw: bytes | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    finish: str = "stop"
    refusal: str | None = None
    usage: Any = (100, 20)
    message: dict[str, Any] | None = None
    broken: bool = False


Script = Callable[[Asked], Reply]


def error(status: int, text: str = "trouble", headers: dict[str, str] | None = None, **facts: str) -> Reply:
    """An error as these services word it."""
    body = {"error": {"message": text, "type": "error", "param": None, "code": None, **facts}}
    return Reply(raw=json.dumps(body).encode(), status=status, headers=headers or {})


def empty(asked: Asked) -> Reply:
    """The empty answer of the task asked for."""
    return Reply({TASKS[asked.task]: []})


def in_turn(*replies: Reply | Script) -> Script:
    """The replies one after another, the last one from then on."""
    rest: Iterator[Reply | Script] = iter(replies[:-1])

    def reply(asked: Asked) -> Reply:
        chosen = next(rest, replies[-1])
        return chosen if isinstance(chosen, Reply) else chosen(asked)

    return reply


class ModelServer:
    """The server in a thread of its own."""

    def __init__(self, reply: Script | Reply = empty) -> None:
        self.reply: Script = (lambda asked: reply) if isinstance(reply, Reply) else reply
        self.asked: list[Asked] = []
        self.at_once = self.most_at_once = 0
        self.base_url = ""
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "ModelServer":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def tasks(self) -> list[str]:
        """The tasks asked for, in order."""
        return [asked.task for asked in self.asked]

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._main())
        self._loop.close()

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        self._hung = asyncio.Event()
        app = web.Application(client_max_size=1 << 26)
        app.router.add_post("/v1/chat/completions", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        self.base_url = f"http://127.0.0.1:{port}/v1"
        self._ready.set()
        await self._stop.wait()
        self._hung.set()
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(await request.json(), dict(request.headers), self._loop.time())
        self.asked.append(asked)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            reply = self.reply(asked)
            if reply.delay:
                await _first(asyncio.sleep(reply.delay), self._hung.wait())
        finally:
            self.at_once -= 1
        if reply.drop:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        body = reply.raw if reply.raw is not None else json.dumps(completion(asked, reply)).encode()
        headers = {"Content-Type": "application/json", **reply.headers}
        if reply.broken:
            return await _break_off(request, body, headers)
        return web.Response(body=body, status=reply.status, headers=headers)


async def _break_off(request: web.Request, body: bytes, headers: dict[str, str]) -> web.StreamResponse:
    """Half of the body, then nothing."""
    response = web.StreamResponse(headers={**headers, "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    assert request.transport is not None
    request.transport.close()
    return response


async def _first(*waits: Any) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


def completion(asked: Asked, reply: Reply) -> dict[str, Any]:
    """A chat completion that carries the answer in the form the request asked for."""
    text = reply.content if reply.content is not None else json.dumps(reply.answer, ensure_ascii=False)
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if asked.mode == "md_json" and reply.content is None:
        message["content"] = f"```json\n{text}\n```"
    if asked.mode == "tools":
        name = asked.body["tools"][0]["function"]["name"]
        call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": text}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    if reply.message is not None:
        message = reply.message
    if reply.refusal is not None:
        message = {"role": "assistant", "content": None, "refusal": reply.refusal}
    document = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": asked.body.get("model"),
        "choices": [{"index": 0, "finish_reason": reply.finish, "message": message}],
    }
    if isinstance(reply.usage, tuple):
        sent, received = reply.usage
        document["usage"] = {"prompt_tokens": sent, "completion_tokens": received, "total_tokens": sent + received}
    elif reply.usage is not None:
        document["usage"] = reply.usage
    return document
