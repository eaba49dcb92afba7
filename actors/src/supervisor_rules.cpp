#include "supervisor_rules.hpp"

namespace troupe::actors {

bool supervisor_rules::exceeds_intensity(time_point now) {
  restarts_.push_back(now);
  while (!restarts_.empty() && now - restarts_.front() > period_)
    restarts_.pop_front();
  return restarts_.size() > intensity_;
}

supervisor_rules::decision
supervisor_rules::child_ended(const std::vector<restart_type>& children,
                              std::size_t dead, bool is_abnormal,
                              time_point now) {
  decision result;
  const auto type = children[dead];
  if (type == restart_type::temporary
      || (type == restart_type::transient && !is_abnormal))
    return result;
  if (exceeds_intensity(now)) {
    result.gives_up = true;
    return result;
  }
  std::size_t first = dead;
  std::size_t last = dead + 1;
  if (strategy_ == restart_strategy::one_for_all)
    first = 0;
  if (strategy_ != restart_strategy::one_for_one)
    last = children.size();
  for (auto i = last; i-- > first;)
    if (i != dead)
      result.stop.push_back(i);
  for (auto i = first; i < last; ++i)
    if (i == dead || children[i] != restart_type::temporary)
      result.start.push_back(i);
  return result;
}

} // namespace troupe::actors
