#pragma once

#include "adaptive_limit.hpp"
#include "rate_gate.hpp"
#include "routed_call.hpp"
#include "told_limit.hpp"

#include <array>
#include <map>
#include <vector>

namespace troupe::actors {

/// Who may call a provider now, and who waits: what its key allows in calls at
/// one time and per minute, and a line in which tenants share it. Models are
/// numbered as in the router's configuration, providers as they first occur
/// there. Bounded by the router's `calls_max`. Not thread-safe.
class admission {
public:
  explicit admission(const router_config& config);

  [[nodiscard]] std::size_t provider_of(std::size_t model) const {
    return providers_[model];
  }
  [[nodiscard]] std::size_t providers() const { return gates_.size(); }

  /// When a call may go to the provider: in the past, if now; `instant::max()`,
  /// when another has ended.
  [[nodiscard]] protocol::instant ready_at(std::size_t provider,
                                           const call_cost& cost) const;

  /// When its turn will come, as it looks now: not before those of its tenant
  /// and what other tenants that wait get meanwhile.
  [[nodiscard]] protocol::instant expected_at(std::size_t provider,
                                              const routed_call& call) const;

  /// It will not go in time for an answer, when half of what calls take of late
  /// is enough for one: who waits on only keeps others from theirs.
  [[nodiscard]] bool is_hopeless(std::size_t provider, const routed_call& call,
                                 protocol::instant now) const;

  /// False: it must wait, if only for others.
  [[nodiscard]] bool may_enter(std::size_t provider, const routed_call& call,
                               protocol::instant now) const;

  [[nodiscard]] bool has_line(std::size_t provider) const {
    return !gates_[provider].line.empty();
  }

  /// A call goes to the model it tries; its place is given back once.
  void enter(routed_call& call, protocol::instant now);

  /// How a call that entered has ended.
  enum class ending : std::uint8_t { success, refused, other };
  void leave(routed_call& call, ending how, const call_cost& actual,
             protocol::instant now);

  /// The provider says what is left: less may go then, never more.
  void tell(std::size_t provider, const told_rate& rate,
            protocol::instant now) {
    gates_[provider].told[static_cast<std::size_t>(rate.kind)].tell(rate, now);
  }

  void wait(std::size_t provider, const call_ptr& call);
  void remove(routed_call& call);
  /// The first in the line, if it may go now or is hopeless; it is taken out.
  [[nodiscard]] call_ptr next(std::size_t provider, protocol::instant now);
  /// When the first in the line may go; `instant::max()`: there is none, or not
  /// before another call has ended.
  [[nodiscard]] protocol::instant next_at(std::size_t provider) const;
  [[nodiscard]] std::vector<call_ptr> take_cancelled();
  void clear();

private:
  /// With the turn that it has in that provider's line.
  [[nodiscard]] static line_entry entry_at(std::size_t provider,
                                           const routed_call& call);
  struct key_gate {
    key_gate(const rate_limits& limits, const fair_shares& shares)
        : requests(limits.requests_per_minute, limits.burst),
          input(limits.input_tokens_per_minute, limits.burst),
          output(limits.output_tokens_per_minute, limits.burst),
          calls(limits.calls_max), line(shares) {}

    rate_gate requests, input, output;
    std::array<told_limit, rate_kinds> told; ///< By `rate_kind`.
    adaptive_limit calls;
    protocol::duration typical{}; ///< From going to the answer; a mean.
    fair_line line;
    std::map<std::uint64_t, call_ptr> waiting; ///< In the line, by arrival.
  };

  std::vector<std::size_t> providers_; // by model
  std::vector<key_gate> gates_;        // by provider
};

} // namespace troupe::actors
