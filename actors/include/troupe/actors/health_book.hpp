#pragma once

#include "troupe/actors/health_limits.hpp"

#include <troupe/protocol/errc.hpp>
#include <troupe/protocol/health.hpp>
#include <troupe/protocol/id.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace troupe::actors {

class health_rules;
struct agent_outcome;

/// How the agents of a process are: who gives out work tells it how that went,
/// and asks it whom to give the next. Decisions are made by `health_rules` and
/// carried out by the health desk. Thread-safe.
class health_book {
public:
  using instant = protocol::instant;

  explicit health_book(const health_limits& limits);
  ~health_book();
  health_book(const health_book&) = delete;
  health_book& operator=(const health_book&) = delete;

  /// As in `health_rules`.
  void begun(const std::string& agent, instant now);
  void ended(const std::string& agent, const agent_outcome& how, instant now);
  void judged(const std::string& agent, bool passed, protocol::id work,
              instant now);
  void started(const std::string& agent, instant now);

  [[nodiscard]] std::size_t choose(std::span<const std::string> agents,
                                   instant now);
  [[nodiscard]] bool may_be_given(const std::string& agent) const;
  [[nodiscard]] std::uint32_t rank_of(const std::string& agent) const;
  [[nodiscard]] std::uint32_t restarts_of(const std::string& agent) const;
  [[nodiscard]] std::vector<protocol::agent_health> unwell(instant now) const;

  /// Costs a load of a flag: false as long as nobody has been sick.
  [[nodiscard]] bool is_used() const noexcept {
    return is_used_.load(std::memory_order_acquire);
  }

  /// Called, on any thread, when there is something to carry out.
  void wake_by(std::function<void()> wake);
  [[nodiscard]] std::vector<protocol::health_step>
  advance(instant now, const skill_counter& skills);
  [[nodiscard]] instant next_due() const;

private:
  template <class Work>
  void change(Work&& work);

  std::atomic<bool> is_used_{false};
  mutable std::mutex mutex_; ///< Guards what follows.
  std::unique_ptr<health_rules> rules_;
  std::function<void()> wake_;
};

} // namespace troupe::actors
