#pragma once

#include "troupe/actors/health_limits.hpp"

#include <troupe/protocol/errc.hpp>
#include <troupe/protocol/health.hpp>
#include <troupe/protocol/id.hpp>

#include <functional>
#include <optional>
#include <vector>

namespace troupe::actors {

/// Whether an attempt that ended so is a fault of its agent. That a time was up
/// is judged by how long it was.
[[nodiscard]] bool is_fault_of_agent(protocol::errc code) noexcept;

/// How a task ended for the agent that had it.
struct agent_outcome {
  protocol::instant begun{}; ///< When it was given to the agent.
  std::optional<protocol::errc> failure{};
  protocol::id work{};        ///< Of a failed one: what was to be done.
  bool called_models = false; ///< Whose time is not the agent's.
};

/// The latest outcomes of one agent. Not thread-safe.
class health_window {
public:
  /// Whether it is the work itself that fails, whoever does it.
  using blame = std::function<bool(protocol::id work)>;

  enum class verdict { good, bad, nothing };

  /// `is_calm`: its time counts as usual only if it is not slow.
  verdict add(const agent_outcome& how, protocol::instant now, bool is_calm,
              const health_limits& limits);
  void add_judged(bool passed, protocol::id work, protocol::instant now,
                  const health_limits& limits);

  /// What it is sick of, by what its figures are.
  [[nodiscard]] protocol::sickness sickness_at(protocol::instant now,
                                               const health_limits& limits,
                                               const blame& is_bad_work) const;
  [[nodiscard]] protocol::health_figures
  figures_at(protocol::instant now, const health_limits& limits,
             const blame& is_bad_work) const;

  /// What began before counts no more; its usual time is kept.
  void begin_life(protocol::instant now);

private:
  struct entry {
    protocol::instant at;
    bool is_good = false;
    protocol::id work;
  };

  [[nodiscard]] protocol::duration
  slow_bound(const health_limits& limits) const;
  void add_time(protocol::duration took, bool is_calm,
                const health_limits& limits);

  std::vector<entry> outcomes_;             // at most `window`
  std::vector<entry> judged_;               // likewise
  std::vector<protocol::duration> latest_;  // at most `count_min`
  std::vector<protocol::duration> earlier_; // at most `earlier_max`
  protocol::instant life_{};
  bool calls_models_ = false;
};

} // namespace troupe::actors
