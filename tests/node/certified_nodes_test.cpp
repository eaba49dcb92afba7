#include "client.hpp"
#include "connection.hpp"
#include "http/io_thread.hpp"
#include "node_security.hpp"
#include "support/certs/cluster_files.hpp"
#include "support/node/nodes.hpp"
#include "support/node/raw_peer.hpp"

#include <future>

namespace troupe::cluster {

using namespace test;

namespace {

node_certificates of(const certs::link_files& files) {
  return {files.ca_file, files.cert_file, files.key_file, files.crl_file};
}

node_config config_with(const std::string& name, const certs::link_files& files,
                        const std::vector<std::string>& seeds = {}) {
  auto config = node_named(name, seeds);
  config.cluster = "harbour";
  config.certificates = of(files);
  return config;
}

std::unique_ptr<node> start(const node_config& config) {
  runtime_config host;
  host.threads = 2;
  auto it = node::start(config, host);
  REQUIRE(it.has_value());
  return std::move(*it);
}

/// Waits for what becomes of one connection.
class waiting_owner final : public connection_owner {
public:
  void on_hello(const std::shared_ptr<connection>& it, hello theirs,
                std::optional<peer_name>) override {
    name = theirs.name;
    it->close("that was all");
  }
  void on_frames(const connection&, inbound_batch) override {}
  void on_closed(const connection&, const protocol::error& why, bool) override {
    closed.set_value(why.detail);
  }

  std::string name; ///< Of the node, when it has said hello.
  std::promise<std::string> closed;
};

/// Whether a node speaks with who says that hello with those certificates.
bool speaks(const node& at, const std::string& name,
            const node_certificates& with) {
  http::io_thread io;
  const auto owner = std::make_shared<waiting_owner>();
  auto closed = owner->closed.get_future();
  auto mine = raw_peer::hello_named(name);
  mine.cluster = "harbour";
  const auto security = make_security(with);
  REQUIRE(security.has_value());
  const auto it =
      connection::dial(io.context(), at.address(), mine, *security, {}, owner);
  REQUIRE(closed.wait_for(std::chrono::seconds{20})
          == std::future_status::ready);
  return !owner->name.empty();
}

} // namespace

TEST_CASE("nodes with certificates of one authority find one another",
          "[node][tls]") {
  cluster_files files{"troupe-node-certs"};
  const auto a = start(config_with("a", files.node("a")));
  const auto b = start(config_with("b", files.node("b"), {a->address()}));
  add_teller(*b, "far", "b");
  REQUIRE(has_agent(*a, "far"));
  const auto report = a->host().run(mission_for("far", 20));
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
}

TEST_CASE("who is not of the cluster, or not who it says, is refused",
          "[node][tls]") {
  cluster_files files{"troupe-node-certs"};
  cluster_files others{"troupe-node-others"};
  const auto gone = files.node("gone");
  files.revoke({serial_in(gone.cert_file)});
  const auto a = start(config_with("a", files.node("a")));
  CHECK(speaks(*a, "b", of(files.node("b"))));
  CHECK_FALSE(speaks(*a, "b", {}));                   // without any
  CHECK_FALSE(speaks(*a, "b", of(others.node("b")))); // another authority's
  CHECK_FALSE(speaks(*a, "b", of(files.node("c"))));  // of another name
  CHECK_FALSE(speaks(*a, "ada", of(files.client("ada")))); // no node
  CHECK_FALSE(speaks(*a, "gone", of(gone)));               // revoked
  auto later = files.node("b");
  later.crl_file.clear(); // it does not know of itself
  CHECK(speaks(*a, "b", of(later)));
  // A list that is put there while the node runs counts from then on.
  files.revoke({serial_in(gone.cert_file), serial_in(later.cert_file)});
  CHECK_FALSE(speaks(*a, "b", of(later)));
}

TEST_CASE("an open link is cut when its peer is revoked", "[node][tls]") {
  cluster_files files{"troupe-node-revoked"};
  files.revoke({});
  const auto at_b = files.node("b");
  const auto a = start(config_with("a", files.node("a")));
  const auto b = start(config_with("b", at_b, {a->address()}));
  const auto c = start(config_with("c", files.node("c"), {a->address()}));
  const auto is_whole = [&] {
    return sees(*a, "b", "up") && sees(*a, "c", "up") && sees(*c, "b", "up");
  };
  REQUIRE(becomes(is_whole));
  const auto before = view_of(*a, "c").connections;
  files.revoke({serial_in(at_b.cert_file)});
  CHECK(becomes([&] { return !sees(*a, "b", "up") && !sees(*c, "b", "up"); }));
  CHECK(sees(*a, "c", "up"));
  CHECK(view_of(*a, "c").connections == before);
  files.revoke({});
  CHECK(becomes(is_whole));
}

TEST_CASE("a node whose certificate is of another name does not start",
          "[node][tls]") {
  cluster_files files{"troupe-node-certs"};
  const auto it = node::start(config_with("a", files.node("b")));
  REQUIRE_FALSE(it.has_value());
  CHECK(it.error().code == protocol::errc::config_invalid);
}

TEST_CASE("a client with a certificate is served, others are not",
          "[node][tls]") {
  cluster_files files{"troupe-node-certs"};
  cluster_files others{"troupe-node-others"};
  const auto a = start(config_with("a", files.node("a")));
  const auto good =
      connect_client({a->address(), files.client("ada").cert_file});
  REQUIRE(good.has_value());
  const auto nodes = (*good)->nodes();
  REQUIRE(nodes.has_value());
  CHECK(nodes->size() == 1);
  CHECK_FALSE(connect_client({a->address(), ""}).has_value());
  CHECK_FALSE(connect_client({a->address(), others.client("ada").cert_file})
                  .has_value());
  CHECK_FALSE(
      connect_client({a->address(), files.node("b").cert_file}).has_value());
}

TEST_CASE("a client follows a run on a node to its report", "[node][client]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  add_teller(*b, "far", "from b");
  REQUIRE(has_agent(*a, "far"));
  const auto client = connect_client({a->address(), ""});
  REQUIRE(client.has_value());
  const auto offer = (*client)->offer();
  REQUIRE(offer.has_value());
  REQUIRE(offer->agents.size() == 1);
  CHECK(offer->agents[0].name == "far");
  for (int i = 0; i < 2; ++i) { // one run behind another
    const auto run = (*client)->start(mission_for("far"), {});
    REQUIRE(run.has_value());
    std::vector<protocol::event_kind> seen;
    while (!(*run)->is_finished())
      if (const auto event = (*run)->next_event(std::chrono::milliseconds{20}))
        seen.push_back(event->kind);
    REQUIRE_FALSE(seen.empty());
    CHECK(seen.front() == protocol::event_kind::run_started);
    const auto report = (*run)->wait();
    REQUIRE(report.has_value());
    CHECK(report->tasks[0].output == "from b");
  }
  CHECK_FALSE((*client)->start(mission_for("nobody"), {}).has_value());
  CHECK_FALSE((*client)->drain("nobody", true).has_value());
}

TEST_CASE("a run whose client goes away is cancelled", "[node][client]") {
  const auto a = start_node("a");
  std::atomic<bool> has_begun{false};
  std::atomic<bool> was_stopped{false};
  REQUIRE(a->host()
              .add_agent(
                  {.name = "slow"},
                  [&](const task_view& task) {
                    has_begun = true;
                    while (!task.stop.stop_requested())
                      std::this_thread::yield();
                    was_stopped = true;
                    return std::string{"stopped"};
                  },
                  execution::blocking)
              .has_value());
  auto client = connect_client({a->address(), ""});
  REQUIRE(client.has_value());
  auto run = (*client)->start(mission_for("slow"), {});
  REQUIRE(run.has_value());
  REQUIRE(becomes([&] { return has_begun.load(); }));
  run->reset();
  client->reset();
  CHECK(becomes([&] { return was_stopped.load(); }));
}

} // namespace troupe::cluster
