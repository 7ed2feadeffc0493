"""`python -m bench.server LATENCY`: a chat-completions service with one answer, LATENCY seconds after each request.

It prints its address and serves until standard input ends. Its own work a request is next to none, so that what is
measured is the client's.
"""

import asyncio
import json
import sys

from aiohttp import web

_CALL = {"id": "call_1", "type": "function", "function": {"name": "ClaimSet", "arguments": '{"claims": []}'}}
_ANSWER = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "tool_calls": [_CALL]}}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 20, "total_tokens": 1020},
    }
).encode()


async def main(latency: float) -> None:
    """Serve until standard input ends."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        await asyncio.sleep(latency)
        return web.Response(body=_ANSWER, content_type="application/json")

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
