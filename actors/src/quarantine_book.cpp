#include "troupe/actors/quarantine_book.hpp"

#include "delegation_rules.hpp"
#include "redactor.hpp"

#include <memory>

namespace troupe::actors {

using protocol::perform_task;
using protocol::result;

namespace {

quarantine_rules::cleaner cleaner_of(const std::vector<std::string>& secrets) {
  return [it = std::make_shared<const redactor>(secrets)](
             const std::string& text) {
    return it->redacted(text);
  };
}

} // namespace

quarantine_book::quarantine_book(const quarantine_limits& limits,
                                 const std::vector<std::string>& secrets)
    : rules_(limits, cleaner_of(secrets)) {}

result<void> quarantine_book::admit(const perform_task& what) {
  if (!is_used_.load(std::memory_order_acquire))
    return {};
  const auto digest = work_of(what);
  const std::lock_guard lock{mutex_};
  return rules_.admit(digest);
}

void quarantine_book::went_well(const perform_task& what) {
  if (!is_used_.load(std::memory_order_acquire))
    return;
  const auto digest = work_of(what);
  const std::lock_guard lock{mutex_};
  rules_.went_well(digest);
}

result<void> quarantine_book::crashed(const perform_task& what,
                                      const std::string& agent,
                                      const std::string& why,
                                      protocol::instant now) {
  is_used_.store(true, std::memory_order_release);
  const auto digest = work_of(what);
  const std::lock_guard lock{mutex_};
  return rules_.crashed(digest, what, {now, agent, why});
}

std::optional<protocol::quarantined_message>
quarantine_book::find(const perform_task& what) const {
  const auto digest = work_of(what);
  const std::lock_guard lock{mutex_};
  return rules_.find(digest);
}

std::vector<protocol::quarantined_message> quarantine_book::held() const {
  const std::lock_guard lock{mutex_};
  return rules_.held();
}

bool quarantine_book::release(protocol::id digest) {
  const std::lock_guard lock{mutex_};
  return rules_.release(digest);
}

} // namespace troupe::actors
