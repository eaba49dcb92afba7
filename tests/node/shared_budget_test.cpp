// A budget that all nodes of a cluster share.
#include "engine/ask_actor.hpp"
#include "engine/engine_access.hpp"
#include "engine/runtime_access.hpp"
#include "support/actors/show_result.hpp"
#include "support/node/memory_url.hpp"
#include "support/node/nodes.hpp"

#include <troupe/actors/budget_manager.hpp>

namespace troupe::cluster {

using namespace std::chrono_literals;
using namespace test;
using protocol::errc;
using protocol::settlement;

namespace {

std::unique_ptr<node> start_paying(const std::string& name,
                                   const memory_url& store,
                                   const std::vector<std::string>& seeds = {}) {
  auto config = node_named(name, seeds);
  config.store = store.url();
  config.leader_lease = 1s;
  runtime_config host;
  host.threads = 2;
  host.ledger = store.url();
  host.budget = {1'000};
  auto it = node::start(config, host);
  if (!it)
    FAIL(it.error().detail);
  return std::move(*it);
}

template <class Answer, class Body>
protocol::result<Answer> ask_ledger(node& of, Body body) {
  static std::uint64_t asked = 0;
  auto& engine = runtime_access::engine_of(of.host());
  protocol::request<Body> it{{}, std::move(body)};
  it.head.message = {9, ++asked};
  auto told = ask_for<protocol::response<Answer>>(
      engine.system(), engine_access::roles_of(engine).get(&roles::budget),
      "no ledger", std::move(it));
  if (!told)
    return told.error();
  return std::move(told->body);
}

protocol::result<protocol::budget_reserved> reserve(node& at,
                                                    std::int64_t amount) {
  return ask_ledger<protocol::budget_reserved>(
      at, protocol::reserve_budget{"default/m", {amount}, 1});
}

bool settle(node& at, protocol::id reservation, std::int64_t amount) {
  return ask_ledger<protocol::account_state>(
             at,
             protocol::settle_budget{
                 reservation, settlement::billed, {amount}, 1})
      .has_value();
}

} // namespace

TEST_CASE("B8: what one node has spent another cannot spend again",
          "[node][shared_budget]") {
  const memory_url store;
  const auto a = start_paying("a", store);
  const auto b = start_paying("b", store, {a->address()});
  std::int64_t spent = 0;
  protocol::errc last{};
  for (int i = 0; i < 30; ++i) {
    auto& at = i % 2 == 0 ? *a : *b;
    const auto held = reserve(at, 100);
    if (!held) {
      last = held.error().code;
      CHECK(last == errc::budget_exhausted);
      break;
    }
    spent += 100;
    CHECK(settle(at, held->reservation, 100));
  }
  CHECK(spent == 1'000);
  CHECK(last == errc::budget_exhausted);
  CHECK(becomes([&] {
    const auto seen = b->host().account("default");
    return seen && seen->spent.nano_usd == 1'000
           && seen->reserved.nano_usd == 0;
  }));
}

TEST_CASE("a shared budget outlives the node that leads",
          "[node][shared_budget]") {
  const memory_url store;
  auto a = start_paying("a", store);
  const auto b = start_paying("b", store, {a->address()});
  const auto first = reserve(*a, 300);
  REQUIRE(first);
  CHECK(settle(*a, first->reservation, 250));
  const auto open = reserve(*b, 100);
  REQUIRE(open);
  a.reset(); // and gives back what it holds
  CHECK(becomes([&] {
    const auto seen = b->host().account("default");
    return seen && seen->spent.nano_usd == 250;
  }));
  CHECK(settle(*b, open->reservation, 40));
  CHECK(becomes([&] {
    const auto seen = b->host().account("default");
    return seen && seen->spent.nano_usd == 290;
  }));
  CHECK(reserve(*b, 710));
  CHECK_FALSE(reserve(*b, 1));
}

TEST_CASE("a ledger that nodes share is where all is that they share",
          "[node][shared_budget]") {
  const memory_url store;
  auto config = node_named("a");
  runtime_config host;
  host.ledger = store.url();
  CHECK(node::start(config, host).error().code == errc::config_invalid);
  CHECK(runtime::create(host).error().code == errc::config_invalid);
}

} // namespace troupe::cluster
