#include "troupe/actors/health_book.hpp"

#include "health_rules.hpp"

namespace troupe::actors {

health_book::health_book(const health_limits& limits)
    : rules_(std::make_unique<health_rules>(limits)) {}

health_book::~health_book() = default;

template <class Work>
void health_book::change(Work&& work) {
  std::function<void()> wake;
  {
    const std::lock_guard lock{mutex_};
    work(*rules_);
    if (rules_->has_news())
      wake = wake_;
  }
  if (wake)
    wake();
}

void health_book::begun(const std::string& agent, instant now) {
  change([&](health_rules& to) { to.begun(agent, now); });
}

void health_book::ended(const std::string& agent, const agent_outcome& how,
                        instant now) {
  change([&](health_rules& to) { to.ended(agent, how, now); });
}

void health_book::judged(const std::string& agent, bool passed,
                         protocol::id work, instant now) {
  change([&](health_rules& to) { to.judged(agent, passed, work, now); });
}

void health_book::started(const std::string& agent, instant now) {
  change([&](health_rules& to) { to.started(agent, now); });
}

std::size_t health_book::choose(std::span<const std::string> agents,
                                instant now) {
  const std::lock_guard lock{mutex_};
  return rules_->choose(agents, now);
}

bool health_book::may_be_given(const std::string& agent) const {
  const std::lock_guard lock{mutex_};
  return rules_->may_be_given(agent);
}

std::uint32_t health_book::rank_of(const std::string& agent) const {
  const std::lock_guard lock{mutex_};
  return rules_->rank_of(agent);
}

std::uint32_t health_book::restarts_of(const std::string& agent) const {
  const std::lock_guard lock{mutex_};
  return rules_->restarts_of(agent);
}

std::vector<protocol::agent_health> health_book::unwell(instant now) const {
  const std::lock_guard lock{mutex_};
  return rules_->unwell(now);
}

void health_book::wake_by(std::function<void()> wake) {
  const std::lock_guard lock{mutex_};
  wake_ = std::move(wake);
}

std::vector<protocol::health_step>
health_book::advance(instant now, const skill_counter& skills) {
  const std::lock_guard lock{mutex_};
  auto made = rules_->advance(now, skills);
  if (!rules_->are_all_well())
    is_used_.store(true, std::memory_order_release);
  return made;
}

protocol::instant health_book::next_due() const {
  const std::lock_guard lock{mutex_};
  return rules_->next_due();
}

} // namespace troupe::actors
