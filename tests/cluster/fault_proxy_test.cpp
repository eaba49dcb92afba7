#include "support/catch.hpp"
#include "support/cluster/fault_proxy.hpp"
#include "support/cluster/line_server.hpp"
#include "support/cluster/line_talk.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

using namespace std::chrono_literals;
using namespace troupe::test;
using kind = stream_fault_kind;

namespace {

constexpr auto quiet = 200ms;
constexpr auto soon = 20s;

line_talk talk_to(std::uint16_t port) {
  descriptor made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(
      ::connect(made.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to)
      == 0);
  return line_talk{std::move(made)};
}

proxy_plan plan_for(const line_server& server) {
  proxy_plan plan;
  plan.server = server.port();
  return plan;
}

using clock_type = std::chrono::steady_clock;

} // namespace

TEST_CASE("a proxy without faults changes nothing", "[fault_proxy]") {
  const line_server server;
  const fault_proxy proxy{plan_for(server)};
  auto one = talk_to(proxy.port());
  auto two = talk_to(proxy.port());
  const std::string large(300'000, 'x');
  CHECK(one.ask("hello", soon) == "hello");
  CHECK(two.ask(large, soon) == large);
  CHECK(proxy.connections() == 2);
  CHECK(proxy.bytes(way::to_server) == proxy.bytes(way::to_client));
}

TEST_CASE("delay is felt both ways", "[fault_proxy]") {
  const line_server server;
  auto plan = plan_for(server);
  plan.to_server.pace.delay = 60ms;
  plan.to_client.pace = {30ms, 20ms, 0};
  const fault_proxy proxy{plan};
  auto talk = talk_to(proxy.port());
  const auto begin = clock_type::now();
  CHECK(talk.ask("hello", soon) == "hello");
  CHECK(clock_type::now() - begin >= 90ms);
}

TEST_CASE("delay holds back many at once, not one after the other",
          "[fault_proxy]") {
  const line_server server;
  auto plan = plan_for(server);
  plan.to_server.pace.delay = 100ms;
  const fault_proxy proxy{plan};
  auto talk = talk_to(proxy.port());
  const auto begin = clock_type::now();
  for (int i = 0; i < 100; ++i)
    CHECK(talk.send(std::to_string(i)));
  for (int i = 0; i < 100; ++i)
    CHECK(talk.receive(soon) == std::to_string(i));
  CHECK(clock_type::now() - begin < 5s);
}

TEST_CASE("a throttled way takes its time", "[fault_proxy]") {
  const line_server server;
  auto plan = plan_for(server);
  plan.to_client.pace.bytes_per_second = 20'000;
  const fault_proxy proxy{plan};
  auto talk = talk_to(proxy.port());
  const std::string text(3'999, 'x');
  const auto begin = clock_type::now();
  CHECK(talk.ask(text, soon) == text);
  CHECK(clock_type::now() - begin >= 190ms);
}

TEST_CASE("a connection ends in the middle of what it carries",
          "[fault_proxy]") {
  const line_server server;
  auto plan = plan_for(server);
  plan.to_client.faults = {{kind::close, 9}};
  const fault_proxy proxy{plan};
  auto talk = talk_to(proxy.port());
  CHECK(talk.ask("12345", soon) == "12345");
  CHECK_FALSE(talk.ask("67890", soon));
  CHECK(talk.has_ended());
  CHECK(proxy.bytes(way::to_client) == 9);
  CHECK(server.lines() == 2);
}

TEST_CASE("a reset is told as one", "[fault_proxy]") {
  const line_server server;
  auto plan = plan_for(server);
  plan.to_server.faults = {{kind::reset, 6}};
  const fault_proxy proxy{plan};
  auto talk = talk_to(proxy.port());
  CHECK(talk.ask("12345", soon) == "12345");
  CHECK(talk.send("67890"));
  CHECK_FALSE(talk.receive(soon));
  CHECK(talk.has_ended());
  CHECK(server.lines() == 1);
}

TEST_CASE("after a half-close the other way still works", "[fault_proxy]") {
  const line_server server;
  auto plan = plan_for(server);
  plan.to_client.faults = {{kind::half_close, 6}};
  const fault_proxy proxy{plan};
  auto talk = talk_to(proxy.port());
  CHECK(talk.ask("12345", soon) == "12345");
  CHECK(talk.send("67890"));
  CHECK_FALSE(talk.receive(soon));
  CHECK(talk.has_ended());
  CHECK(talk.send("more"));
  CHECK(server.wait_lines(3, soon));
}

TEST_CASE("one byte is corrupted and nobody is told", "[fault_proxy]") {
  const line_server server;
  auto plan = plan_for(server);
  plan.to_server.faults = {{kind::corrupt, 1}};
  const fault_proxy proxy{plan};
  auto talk = talk_to(proxy.port());
  CHECK(talk.ask("aaa", soon) == "a`a");
  CHECK(talk.ask("bbb", soon) == "bbb");
}

TEST_CASE("a way that stalls by plan stays so", "[fault_proxy]") {
  const line_server server;
  auto plan = plan_for(server);
  plan.to_client.faults = {{kind::stall, 6}};
  plan.faulty_connections = 1;
  const fault_proxy proxy{plan};
  auto talk = talk_to(proxy.port());
  CHECK(talk.ask("12345", soon) == "12345");
  CHECK_FALSE(talk.ask("67890", quiet));
  CHECK_FALSE(talk.has_ended());
  CHECK(server.lines() == 2);
  // The second connection is well.
  auto well = talk_to(proxy.port());
  CHECK(well.ask("12345", soon) == "12345");
  CHECK(well.ask("67890", soon) == "67890");
}

TEST_CASE("a way can be stalled and go on at any time", "[fault_proxy]") {
  const line_server server;
  fault_proxy proxy{plan_for(server)};
  auto talk = talk_to(proxy.port());
  CHECK(talk.ask("1", soon) == "1");
  proxy.stall(way::to_client);
  CHECK_FALSE(talk.ask("2", quiet));
  CHECK(server.lines() == 2);
  proxy.stall(way::to_server);
  CHECK_FALSE(talk.ask("3", quiet));
  CHECK(server.lines() == 2);
  proxy.resume(way::to_client);
  CHECK(talk.receive(soon) == "2");
  proxy.resume(way::to_server);
  CHECK(talk.receive(soon) == "3");
}

TEST_CASE("who sends into a stalled way is held back at last",
          "[fault_proxy]") {
  const line_server server;
  fault_proxy proxy{plan_for(server)};
  auto talk = talk_to(proxy.port());
  CHECK(talk.ask("1", soon) == "1");
  proxy.stall(way::to_server);
  const std::string line(65'535, 'x');
  int sent = 0;
  pollfd room{talk.get(), POLLOUT, 0};
  while (sent < 1'000 && ::poll(&room, 1, 500) == 1
         && ::send(talk.get(), line.data(), line.size(),
                   MSG_NOSIGNAL | MSG_DONTWAIT)
                > 0)
    ++sent;
  CHECK(sent < 1'000); // of 64 MB
}

TEST_CASE("connections are ended, reset and turned away on demand",
          "[fault_proxy]") {
  const line_server server;
  fault_proxy proxy{plan_for(server)};
  auto one = talk_to(proxy.port());
  CHECK(one.ask("1", soon) == "1");
  proxy.close_all();
  CHECK_FALSE(one.receive(soon));
  CHECK(one.has_ended());
  auto two = talk_to(proxy.port());
  CHECK(two.ask("2", soon) == "2");
  proxy.reset_all();
  CHECK_FALSE(two.receive(soon));
  CHECK(two.has_ended());
  proxy.refuse(true);
  auto three = talk_to(proxy.port());
  CHECK_FALSE(three.receive(soon));
  CHECK(three.has_ended());
  proxy.refuse(false);
  CHECK(talk_to(proxy.port()).ask("4", soon) == "4");
}

TEST_CASE("a client that leaves takes its connection to the server along",
          "[fault_proxy]") {
  const line_server server;
  const fault_proxy proxy{plan_for(server)};
  {
    auto talk = talk_to(proxy.port());
    CHECK(talk.ask("1", soon) == "1");
  }
  CHECK(server.wait_ended(1, soon));
}

TEST_CASE("a server that is not there is told to the client", "[fault_proxy]") {
  proxy_plan plan;
  {
    const line_server gone;
    plan.server = gone.port();
  }
  const fault_proxy proxy{plan};
  auto talk = talk_to(proxy.port());
  CHECK_FALSE(talk.ask("1", soon));
}
