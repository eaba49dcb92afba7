#pragma once

#include <troupe/protocol/id.hpp>
#include <troupe/protocol/money.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// What must hold of runs whose processes were killed.
namespace troupe::benchmarks {

struct totals {
  std::uint64_t kills = 0;
  std::uint64_t runs = 0;
  std::uint64_t done_twice = 0;   ///< In a report.
  std::uint64_t repeated = 0;     ///< Lines beyond the first of a task.
  std::uint64_t tools = 0;        ///< Tasks that called one.
  std::uint64_t twice = 0;        ///< Effects of tools that happened twice.
  std::uint64_t lost = 0;         ///< Of tasks that are told to be done.
  std::uint64_t unknown = 0;      ///< Told to be so.
  std::uint64_t given_up = 0;     ///< Tasks, after so many kills.
  std::uint64_t calls = 0;        ///< Of models, that were kept.
  protocol::money spent{};        ///< As the ledger has it.
  protocol::money unknown_cost{}; ///< Of it: nobody knows.
  protocol::money kept{};         ///< Of those whose reply was kept.
};

/// The run of the folder's journal, if there is one already.
[[nodiscard]] std::optional<protocol::id> run_in(const std::string& folder);

/// What the journal of an ended run says must be whole; ends the process
/// where it is not, and counts what may happen.
void check(const std::string& folder, totals& sums);

} // namespace troupe::benchmarks
