#include "support/actors/show_result.hpp"
#include "support/node/memory_url.hpp"
#include "support/node/nodes.hpp"

#include <troupe/runtime/state.hpp>

#include <atomic>
#include <thread>

namespace troupe::cluster {

using namespace std::chrono_literals;
using namespace test;
using protocol::errc;

namespace {

std::unique_ptr<node>
start_sharing(const std::string& name, const memory_url& store,
              const std::vector<std::string>& seeds = {}) {
  auto config = node_named(name, seeds);
  config.store = store.url();
  config.leader_lease = 1s;
  runtime_config host;
  host.threads = 2;
  auto it = node::start(config, host);
  REQUIRE(it.has_value());
  return std::move(*it);
}

bool leads(node& it, const std::string& name) {
  return view_of(it, name).leads;
}

/// Takes what has come until the copy has reached a revision. Each commit must
/// be the next: a copy that misses one ends its stream.
bool reaches(state_stream& it, std::uint64_t revision) {
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (it.revision() < revision) {
    if (!it.next(100ms) || std::chrono::steady_clock::now() > end)
      return false;
  }
  return true;
}

} // namespace

TEST_CASE("P5: what one node writes, others read", "[node][state]") {
  const memory_url store;
  const auto a = start_sharing("a", store);
  const auto b = start_sharing("b", store, {a->address()});
  const auto written = a->host().state().put("k", "1");
  REQUIRE(written);
  const auto seen = b->host().state().read("k");
  REQUIRE(seen);
  REQUIRE(seen->entry);
  CHECK(seen->entry->value == "1");
  CHECK(seen->entry->version == *written);
  REQUIRE(b->host().state().put("k", "2", *written));
  CHECK(a->host().state().read("k")->entry->value == "2");
  CHECK((leads(*a, "a") || leads(*a, "b")));
}

TEST_CASE("P2: those who follow on any node are told of each commit",
          "[node][state]") {
  const memory_url store;
  const auto a = start_sharing("a", store);
  const auto b = start_sharing("b", store, {a->address()});
  auto at_a = a->host().state().follow({"", true});
  auto at_b = b->host().state().follow({"", true});
  REQUIRE(at_a);
  REQUIRE(at_b);
  std::uint64_t last = 0;
  for (int i = 0; i < 200; ++i) {
    auto& from = i % 2 == 0 ? *a : *b;
    const auto written =
        from.host().state().write({{"k" + std::to_string(i % 7),
                                    protocol::state_operation::put,
                                    {},
                                    std::to_string(i),
                                    {}}});
    REQUIRE(written);
    CHECK(written->revision == last + 1);
    last = written->revision;
  }
  REQUIRE(reaches(*at_a, last));
  REQUIRE(reaches(*at_b, last));
  CHECK(at_a->entries() == at_b->entries());
}

TEST_CASE("P4: of writers on all nodes with one version, one wins",
          "[node][state]") {
  const memory_url store;
  const auto a = start_sharing("a", store);
  const auto b = start_sharing("b", store, {a->address()});
  auto version = a->host().state().put("k", "0").value();
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> wins{0};
    std::vector<std::thread> all;
    for (auto* from : {a.get(), b.get(), a.get(), b.get()})
      all.emplace_back([&, from] {
        if (from->host().state().put("k", "1", version))
          ++wins;
      });
    for (auto& it : all)
      it.join();
    REQUIRE(wins == 1);
    ++version;
  }
  CHECK(b->host().state().read("k")->entry->version == version);
}

TEST_CASE("N1: state outlives the node that led, and streams miss nothing",
          "[node][state]") {
  const memory_url store;
  auto a = start_sharing("a", store);
  REQUIRE(becomes([&] { return leads(*a, "a"); }));
  const auto b = start_sharing("b", store, {a->address()});
  auto stream = b->host().state().follow({"", true});
  REQUIRE(stream);
  const auto before = b->host().state().put("k", "1");
  REQUIRE(before);
  a.reset();
  const auto after = b->host().state().put("k", "2", *before);
  REQUIRE(after);
  CHECK(*after == *before + 1);
  CHECK(leads(*b, "b"));
  REQUIRE(reaches(*stream, b->host().state().read("k")->revision));
  CHECK(stream->find("k")->value == "2");
}

TEST_CASE("P1: revisions go on when all nodes have ended", "[node][state]") {
  const memory_url store;
  std::uint64_t version = 0;
  std::uint64_t revision = 0;
  for (int life = 0; life < 3; ++life) {
    const auto a = start_sharing("a", store);
    const auto written = a->host().state().put("k", std::to_string(life));
    REQUIRE(written);
    CHECK(*written == version + 1);
    version = *written;
    const auto gone = a->host().state().put("gone", "1");
    REQUIRE(gone);
    CHECK(*gone > revision); // of an earlier life, and deleted there
    REQUIRE(a->host().state().remove("gone"));
    revision = a->host().state().read("k")->revision;
  }
  CHECK(revision == 9);
}

TEST_CASE("P8: what expires does so under the next leader, too",
          "[node][state]") {
  const memory_url store;
  auto a = start_sharing("a", store);
  REQUIRE(a->host().state().put("k", "1", {}, 300ms));
  a.reset();
  const auto b = start_sharing("b", store);
  CHECK(becomes([&] {
    const auto it = b->host().state().read("k");
    return it && !it->entry;
  }));
}

TEST_CASE("N3: whoever lost the store answers nothing in its name",
          "[node][state]") {
  memory_url store;
  const auto a = start_sharing("a", store);
  REQUIRE(a->host().state().put("k", "1"));
  store.set_away(true);
  CHECK(becomes([&] { return !leads(*a, "a"); }));
  const auto read = a->host().state().read("k");
  REQUIRE_FALSE(read);
  CHECK(read.error().code == errc::unreachable);
  store.set_away(false);
  CHECK(becomes([&] { return a->host().state().read("k").has_value(); }));
}

TEST_CASE("a node that drains leaves it to others to lead", "[node][state]") {
  const memory_url store;
  const auto a = start_sharing("a", store);
  REQUIRE(becomes([&] { return leads(*a, "a"); }));
  const auto b = start_sharing("b", store, {a->address()});
  REQUIRE(becomes([&] { return sees(*a, "b", "up"); }));
  REQUIRE(a->drain("a"));
  CHECK(becomes([&] { return leads(*a, "b"); }));
  CHECK(a->host().state().put("k", "1"));
}

} // namespace troupe::cluster
