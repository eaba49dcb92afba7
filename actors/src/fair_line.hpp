#pragma once

#include "call_cost.hpp"
#include "run_turns.hpp"
#include "troupe/actors/fair_shares.hpp"

#include <troupe/protocol/header.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace troupe::actors {

/// A call as a line sees it. Arrivals are numbered; no two have the same.
struct line_entry {
  std::string_view tenant;
  protocol::priority urgency = protocol::priority::medium;
  std::uint64_t arrival = 0;
  call_cost cost{};
  std::string_view run{};       ///< Of its tenant; empty: of none.
  protocol::instant deadline{}; ///< Of its answer.
  /// What `add` gave it: one that comes back to its line keeps its turn.
  std::uint64_t round = no_round;

  static constexpr std::uint64_t no_round = UINT64_MAX;
};

/// Calls that wait, and whose turn it is: tenants by start-time fair queueing
/// (Goyal, Vin, Cheng, 1996) over tokens, corrected when a call has ended as in
/// Sheng et al., "Fairness in Serving Large Language Models" (2024); within a
/// tenant the most urgent, then its runs in turn, of equal turns the one whose
/// deadline is nearest, within a run the oldest. While two tenants wait, what
/// they got, each divided by its weight, differs by no more than one largest
/// call of each, what is still open not counted. Who comes back after a pause
/// has saved nothing up. Bounded by who adds; a change costs the logarithm of
/// the tenants and calls. Not thread-safe.
class fair_line {
public:
  explicit fair_line(fair_shares shares) : shares_(std::move(shares)) {}

  [[nodiscard]] bool empty() const noexcept { return turns_.empty(); }
  [[nodiscard]] std::size_t tenants() const noexcept { return known_.size(); }

  /// Whether it would be the first if it were added.
  [[nodiscard]] bool goes_first(const line_entry& it) const;
  /// Returns its round among the runs of its tenant.
  std::uint64_t add(const line_entry& it);
  void remove(const line_entry& it);
  /// Whose turn it is. Only when not empty; its tenant lives as long as it is
  /// in the line.
  [[nodiscard]] line_entry first() const;

  /// A call goes, from the line or past it when nobody is before it.
  void charge(const line_entry& it);
  /// A call that went has used this.
  void correct(const line_entry& it, const call_cost& actual);

  struct load {
    std::uint64_t calls = 0;
    call_cost cost{};
  };
  /// What goes before it in any case: its tenant's own.
  [[nodiscard]] load ahead_of(const line_entry& it) const;
  /// And with what the others get meanwhile, if all go on waiting.
  [[nodiscard]] load expected_ahead_of(const line_entry& it) const;

  void clear();

  fair_line(fair_line&&) = default;
  fair_line(const fair_line&) = delete; // tables point into each other
  fair_line& operator=(const fair_line&) = delete;
  fair_line& operator=(fair_line&&) = delete;
  ~fair_line() = default;

private:
  /// By urgency, round, deadline and arrival.
  using place =
      std::tuple<int, std::uint64_t, protocol::instant, std::uint64_t>;
  struct waiting_call {
    call_cost cost;
    std::string run;
  };
  using turn = std::pair<std::uint64_t, std::uint64_t>; // by time, then order
  struct tenant {
    std::string_view name; ///< The key's.
    std::uint64_t weight = 1;
    std::uint64_t time = 0;  ///< Of its next call; tokens by weight.
    std::uint64_t since = 0; ///< The line's time when it began to wait.
    std::uint64_t order = 0; ///< In which they became known.
    std::map<place, waiting_call> calls;             ///< That wait.
    std::unordered_map<std::uint64_t, place> places; ///< Theirs, by arrival.
    run_turns runs;
    std::array<load, 4> loads{}; ///< Of these, by urgency.
  };
  using turn_map = std::map<turn, tenant*>;

  /// Where a call of its waits, or would.
  [[nodiscard]] static place place_of(const tenant& who, const line_entry& it);
  [[nodiscard]] tenant& find_or_make(std::string_view name);
  [[nodiscard]] turn turn_of(const tenant& it) const;
  [[nodiscard]] bool lets_urgent_ahead() const noexcept;
  [[nodiscard]] const turn_map& in_turn() const noexcept;
  [[nodiscard]] static load of_its_turn(const tenant& who,
                                        const line_entry& it);
  /// Out of the tables by its time, for a change of it, and in again.
  void unlist(tenant& it);
  void list(tenant& it);
  void forget_idle();

  fair_shares shares_;
  std::map<std::string, tenant, std::less<>> known_; ///< By name.
  turn_map turns_;                                   ///< Tenants that wait.
  turn_map urgent_;          ///< Of these, those with critical calls.
  turn_map idle_;            ///< Tenants that wait for nothing; bounded.
  std::uint64_t time_ = 0;   ///< Nobody begins to wait at an earlier one.
  std::uint64_t weight_ = 0; ///< Of all who wait.
  load whole_;               ///< Of all who wait.
  std::uint64_t orders_ = 0;
  /// Tokens by a thousand that critical calls may go ahead with.
  std::int64_t urgent_credit_ = urgent_credit_max;
  static constexpr std::int64_t urgent_credit_max = 32'000'000;
};

} // namespace troupe::actors
