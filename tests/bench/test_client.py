"""The benchmark's HTTP client: a wrong reading here would be a wrong number everywhere."""

import gzip
import socketserver
import threading
from collections.abc import Iterator

import pytest

from prepsite.bench.client import ConnectionLost, Driver, Response, Script, TooSlow, split_response
from prepsite.bench.learner import Tally, WrongResponse

pytestmark = pytest.mark.once
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
EMPTY = b"HTTP/1.1 302 Found\r\nlocation: /there/\r\ncontent-length: 0\r\n\r\n"


@pytest.mark.parametrize(("data", "body"), [(SIZED, b"hello"), (CHUNKED, b"hello"), (EMPTY, b"")])
def test_a_response_is_read_whole_or_not_at_all(data, body):
    for length in range(len(data)):
        assert split_response(data[:length]) is None
    found = split_response(data + b"HTTP/1.1 ")
    assert found
    response, length = found
    assert (response.body, length) == (body, len(data))
    assert response.status == int(data[9:12])


def test_headers_and_compressed_pages():
    response = Response(302, EMPTY.partition(b"\r\n\r\n")[0], b"")
    assert response.header("Location") == "/there/"
    assert response.header("etag") == ""
    packed = Response(200, b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip", gzip.compress(b"page"))
    assert packed.content == b"page"


class Whimsical(socketserver.StreamRequestHandler):
    """Answers with what was asked, but hangs up on ``lose`` once and is silent on ``wait``."""

    lost = False

    def handle(self) -> None:
        while line := self.rfile.readline().strip():
            if line == b"lose" and not Whimsical.lost:
                Whimsical.lost = True
                return
            if line != b"wait":
                head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(line)
                self.wfile.write(head + line)


class Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@pytest.fixture
def port() -> Iterator[int]:
    Whimsical.lost = False
    with Threads(("127.0.0.1", 0), Whimsical) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def asks(words: list[str], heard: list[bytes], *, again: bool = False) -> Script:
    """Ask for words in turn; where nobody answers, ask again or give up."""
    for word in words:
        while True:
            try:
                response = yield f"{word}\n".encode()
            except ConnectionLost:
                heard.append(b"lost")
                if not again:
                    raise
            else:
                heard.append(response.body)
                break


def run(driver: Driver) -> None:
    try:
        driver.run()
    finally:
        driver.close()


def test_scripts_run_side_by_side(port):
    heard: list[list[bytes]] = [[], []]
    run(Driver(port, (asks(["one", "two"], own) for own in heard)))
    assert heard == [[b"one", b"two"]] * 2


def test_a_lost_request_is_sent_again_where_the_script_says_so(port):
    heard: list[bytes] = []
    run(Driver(port, [asks(["one", "lose", "two"], heard, again=True)]))
    assert heard == [b"one", b"lost", b"lose", b"two"]


def test_a_lost_request_ends_a_run_that_does_not_expect_it(port):
    with pytest.raises(ConnectionLost):
        run(Driver(port, [asks(["lose"], [])]))


def test_silence_ends_a_run(port):
    with pytest.raises(TooSlow):
        run(Driver(port, [asks(["wait"], [])], timeout=0.1))


def test_a_run_for_a_time_can_be_taken_up_again(port):
    heard: list[bytes] = []
    driver = Driver(port, [asks(["one", "wait", "two"], heard)])
    driver.run(0.2)
    assert (heard, driver.in_flight, driver.is_done) == ([b"one"], 1, False)
    driver.close()


@pytest.mark.parametrize("word", ["other page", "wonder"])
def test_a_wrong_page_ends_the_burst(port, word):
    tally = Tally(port, float("inf"))

    def reads() -> Script:
        for asked in ("right page", "right page", word):
            yield from tally.ask(f"{asked}\n".encode(), b"right")

    with pytest.raises(WrongResponse, match=word):
        run(Driver(port, [reads()]))
    assert tally.requests == 3
