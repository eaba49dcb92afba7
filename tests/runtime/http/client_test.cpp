#include "http/client.hpp"
#include "support/catch.hpp"
#include "support/runtime/http_asker.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using test::fake_upstream;
using test::plain_reply;
using test::request_to;
using test::run;
using test::scripted_reply;
using test::spy_sink;

namespace {

struct world {
  explicit world(http::client_config config = {})
      : client(*http::client::make(io, std::move(config))) {}

  /// The code of a call that gets `reply`; 0 when it went well.
  int code_of(scripted_reply reply) {
    upstream.will(std::move(reply));
    spy_sink told;
    const auto failure = run(*client, request_to(upstream), told);
    return failure ? static_cast<int>(failure->code) : 0;
  }

  http::io_thread io;
  fake_upstream upstream;
  std::unique_ptr<http::client> client;
};

int number(errc code) {
  return static_cast<int>(code);
}

const std::string ok = "HTTP/1.1 200 OK\r\n";
constexpr auto closes = scripted_reply::end::close;

} // namespace

TEST_CASE("calls one after the other share a connection", "[http_client]") {
  world w;
  for (int i = 0; i < 5; ++i) {
    w.upstream.will(plain_reply(200, "body"));
    spy_sink told;
    CHECK_FALSE(run(*w.client, request_to(w.upstream), told));
    CHECK(told.status == 200);
    CHECK(told.body == "body");
  }
  CHECK(w.upstream.connections() == 1);
}

TEST_CASE("a kept connection that has died is replaced once", "[http_client]") {
  world w;
  CHECK(w.code_of(plain_reply(200, "a")) == 0);
  // Closes after having read the next request, without a byte of an answer.
  w.upstream.will({{}, closes});
  CHECK(w.code_of(plain_reply(200, "b")) == 0);
  CHECK(w.upstream.connections() == 2);
  CHECK(w.upstream.requests().size() == 3);
  w.upstream.will({{}, closes});
  CHECK(w.code_of({{}, closes}) == number(errc::stream_truncated));
  CHECK(w.code_of({{}, closes}) == number(errc::stream_truncated));
}

TEST_CASE("an answer that stops half-way is a truncated one", "[http_client]") {
  world w;
  CHECK(w.code_of({ok + "Content-Length: 10\r\n\r\nabc", closes})
        == number(errc::stream_truncated));
  CHECK(w.code_of({ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nab", closes})
        == number(errc::stream_truncated));
  CHECK(w.code_of({"HTTP/1.1 200 O", closes})
        == number(errc::stream_truncated));
  CHECK(w.code_of(
            {ok + "Content-Length: 10\r\n\r\nabc", scripted_reply::end::reset})
        == number(errc::stream_truncated));
  CHECK(w.code_of({ok + "\r\nbody until the end", closes}) == 0);
}

TEST_CASE("what is not the HTTP we asked for is malformed", "[http_client]") {
  world w;
  const std::string big(40'000, 'x');
  const std::string wide(100'000, 'x');
  for (const auto& bytes :
       {std::string{"SSH-2.0-garbage\r\n\r\n"}, ok + "X: " + big + "\r\n\r\n",
        ok + "Transfer-Encoding: pigeons\r\n\r\n",
        ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        ok + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
        ok + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        ok + "Transfer-Encoding: chunked\r\n\r\n3;" + wide + "\r\nabc\r\n",
        std::string{"HTTP/1.1 101 Switching Protocols\r\n\r\n"}}) {
    INFO(bytes.substr(0, 60));
    CHECK(w.code_of({bytes, closes}) == number(errc::provider_malformed));
  }
}

TEST_CASE("interim answers are passed over", "[http_client]") {
  world w;
  const std::string hint = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
  CHECK(w.code_of({hint + hint + plain_reply(200, "a").bytes}) == 0);
  std::string many;
  for (int i = 0; i < 20; ++i)
    many += hint;
  CHECK(w.code_of({many}) == number(errc::provider_malformed));
}

TEST_CASE("a body above its limit ends the call", "[http_client]") {
  world w;
  w.upstream.will(plain_reply(200, std::string(5000, 'x')));
  auto request = request_to(w.upstream);
  request.body_bytes_max = 4096;
  spy_sink told;
  CHECK(run(*w.client, request, told)->code == errc::provider_malformed);
}

TEST_CASE("each phase has its own limit", "[http_client]") {
  world w;
  auto request = request_to(w.upstream);
  request.timeouts.first_byte = 40ms;
  spy_sink silent;
  CHECK(run(*w.client, request, silent)->code == errc::provider_timeout);
  w.upstream.will(
      {ok + "Content-Length: 9\r\n\r\nabc", scripted_reply::end::hang});
  request = request_to(w.upstream);
  request.timeouts.idle = 40ms;
  spy_sink stalled;
  CHECK(run(*w.client, request, stalled)->code == errc::provider_timeout);
  CHECK(stalled.body == "abc");
  request = request_to(w.upstream);
  request.deadline = std::chrono::steady_clock::now() + 40ms;
  spy_sink late;
  CHECK(run(*w.client, request, late)->code == errc::deadline_exceeded);
}

TEST_CASE("a full queue refuses at once, and a place goes to who waits",
          "[http_client]") {
  http::client_config config;
  config.connections_max = 1;
  config.waiting_max = 1;
  world w{config};
  auto holder = std::make_shared<spy_sink>();
  auto waiter = std::make_shared<spy_sink>();
  auto refused = std::make_shared<spy_sink>();
  const auto held = w.client->start(request_to(w.upstream), holder);
  w.client->start(request_to(w.upstream), waiter);
  w.client->start(request_to(w.upstream), refused);
  CHECK(refused->wait()->code == errc::overloaded);
  // Cancelled only once the upstream has it: it would take the next reply.
  spy_sink unused;
  auto probe = request_to(w.upstream);
  probe.deadline = std::chrono::steady_clock::now() + 100ms;
  CHECK(run(*w.client, probe, unused)->code == errc::overloaded);
  w.client->cancel(held);
  CHECK(holder->wait()->code == errc::cancelled);
  w.client.reset();
  CHECK(waiter->wait()->code == errc::cancelled);
  CHECK(holder->done_count == 1);
}

TEST_CASE("nobody listening is an unavailable provider", "[http_client]") {
  world w;
  auto request = request_to(w.upstream);
  {
    fake_upstream gone;
    request.to.port = gone.port();
  }
  spy_sink told;
  CHECK(run(*w.client, request, told)->code == errc::provider_unavailable);
}

TEST_CASE("a caller with enough is answered before the body ends",
          "[http_client]") {
  world w;
  w.upstream.will({ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                   scripted_reply::end::hang});
  spy_sink told;
  told.enough_after = 3;
  CHECK_FALSE(run(*w.client, request_to(w.upstream), told));
  CHECK(told.body == "abc");
}
