#include "node_settings.hpp"

#include "node_security.hpp"
#include "placement_rules.hpp"
#include "store/store_drivers.hpp"

#include <troupe/protocol/mission_check.hpp>

#include <chrono>

namespace troupe::cluster {

namespace {

/// Rises with each start of a node on one machine, unless its clock steps back
/// by more than the node was gone; a peer takes any other life for a new one.
std::uint64_t new_incarnation() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(
          std::chrono::system_clock::now().time_since_epoch())
          .count());
}

} // namespace

hello hello_of(const node_config& config) {
  hello mine;
  mine.schema = protocol::schema_version;
  mine.release = TROUPE_RELEASE;
  mine.cluster = config.cluster;
  mine.name = config.name;
  mine.incarnation = new_incarnation();
  mine.session = 1;
  return mine;
}

link_limits limits_of(const node_config& config) {
  link_limits limits;
  limits.watch.beat = config.beat;
  limits.watch.suspect_after = config.suspect_after;
  limits.watch.down_after = config.down_after;
  limits.inbound.message_bytes = config.message_bytes_max;
  return limits;
}

std::vector<protocol::open_account>
shared_accounts_of(const runtime_config& host) {
  if (!store::is_url(host.ledger))
    return {};
  auto all = host.budgets;
  all.insert(all.begin(), {host.tenant, host.budget, 0, 0, host.budget_window});
  std::erase_if(all, [](const protocol::open_account& it) {
    return it.limit == protocol::money::max() && it.tokens_max == 0
           && it.calls_max == 0 && it.time_max == protocol::duration{};
  });
  return all;
}

protocol::result<void> check_ledger(const node_config& config,
                                    const runtime_config& host) {
  if (!store::is_url(host.ledger) || host.ledger == config.store)
    return {};
  return protocol::fail(
      protocol::errc::config_invalid,
      "ledger: a ledger that nodes share is kept where their `store` is: name "
      "the same database in both ("
          + store::printable_place(host.ledger) + " is not "
          + (config.store.empty() ? "none"
                                  : store::printable_place(config.store))
          + ")");
}

std::vector<std::string> problems_of(const node_config& config) {
  std::vector<std::string> problems;
  const auto expect = [&](bool is_good, std::string what) {
    if (!is_good)
      problems.push_back(std::move(what));
  };
  expect(protocol::is_name(config.name),
         "name: 1 to 64 letters, digits, '-', '_', '.'");
  expect(protocol::is_name(config.cluster),
         "cluster: 1 to 64 letters, digits, '-', '_', '.'");
  for (const auto& address : config.seeds)
    if (const auto good = connection::parse_address(address); !good)
      problems.push_back("seeds: " + good.error().detail);
  for (const auto* address : {&config.listen, &config.advertise})
    if (!address->empty())
      if (const auto good = connection::parse_address(*address); !good)
        problems.push_back(
            (address == &config.listen ? "listen: " : "advertise: ")
            + good.error().detail);
  expect(placement_of(config.placement).has_value(),
         "placement: balanced, local_first or sticky");
  expect(config.beat.count() >= 50 && config.beat.count() <= 60'000,
         "beat: 50 ms to 60 s");
  expect(config.suspect_after > config.beat, "suspect_after: more than a beat");
  expect(config.down_after > config.suspect_after,
         "down_after: more than suspect_after");
  expect(config.store.empty() || store::is_url(config.store),
         "store: a URL, as postgresql://user@host/db");
  expect(config.leader_lease.count() >= 1'000
             && config.leader_lease.count() <= 600'000,
         "leader_lease: 1 s to 10 minutes");
  expect(config.message_bytes_max >= 64U << 10U
             && config.message_bytes_max <= 1U << 30U,
         "message_bytes_max: 64 KiB to 1 GiB");
  const auto& files = config.certificates;
  const bool has_any =
      !files.ca.empty() || !files.cert.empty() || !files.key.empty();
  expect(
      !has_any
          || (!files.ca.empty() && !files.cert.empty() && !files.key.empty()),
      "certificates: ca, cert and key, or none; 'troupe cert node NAME' "
      "makes them");
  const auto where = connection::parse_address(config.listen);
  expect(has_any || !where || is_loopback(where->first),
         "listen: without certificates only a loopback address; 'troupe cert "
         "node NAME' makes them");
  return problems;
}

} // namespace troupe::cluster
