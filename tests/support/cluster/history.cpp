#include "support/cluster/history.hpp"

namespace troupe::test {

history_recorder::history_recorder(std::function<history_time()> clock)
    : clock_{std::move(clock)} {}

std::size_t history_recorder::begin(client_op op) {
  const std::lock_guard lock{mutex_};
  op.invoked = clock_(); // within the lock, so that the list is in order
  op.returned = never;
  op.end = op_end::unknown;
  taken_.ops.push_back(std::move(op));
  return taken_.ops.size() - 1;
}

void history_recorder::end(std::size_t op, op_end how, std::uint64_t version,
                           const std::string& value) {
  const std::lock_guard lock{mutex_};
  auto& it = taken_.ops.at(op);
  it.returned = clock_();
  it.end = how;
  if (how != op_end::ok)
    return;
  it.version = version;
  if (it.kind == op_kind::read)
    it.value = value;
}

void history_recorder::effect(const std::string& key, const std::string& node) {
  const std::lock_guard lock{mutex_};
  taken_.effects.push_back({clock_(), key, node});
}

void history_recorder::bill(const std::string& account, std::int64_t amount) {
  const std::lock_guard lock{mutex_};
  taken_.bills.push_back({clock_(), account, amount});
}

void history_recorder::limit(const std::string& account, std::int64_t amount) {
  const std::lock_guard lock{mutex_};
  taken_.limits[account] = amount;
}

std::size_t history_recorder::begin_tenure(const std::string& singleton,
                                           const std::string& node,
                                           std::uint64_t token) {
  const std::lock_guard lock{mutex_};
  taken_.tenures.push_back({singleton, node, token, clock_(), never});
  return taken_.tenures.size() - 1;
}

void history_recorder::end_tenure(std::size_t tenure) {
  const std::lock_guard lock{mutex_};
  taken_.tenures.at(tenure).until = clock_();
}

history history_recorder::taken() const {
  const std::lock_guard lock{mutex_};
  return taken_;
}

} // namespace troupe::test
