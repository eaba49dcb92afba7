#include "supervisor_listing.hpp"

#include "clip.hpp"
#include "supervisor_talk.hpp"

namespace troupe::actors {

namespace {

constexpr std::size_t remark_bytes_max = 256;

std::string remark_of(const child_rule& rule) {
  const auto code = std::static_pointer_cast<const child_code>(rule.payload);
  if (!code || !code->remark)
    return {};
  return std::string(clip(code->remark(), remark_bytes_max));
}

} // namespace

children_listed listing_of(const supervised_children& children,
                           const living_children& living) {
  children_listed answer;
  for (const auto& [number, it] : children.all()) {
    auto handle = living.find(it.incarnation);
    const bool lives = static_cast<bool>(handle);
    answer.children.push_back({it.rule.id, lives, it.restarts, it.incarnation,
                               it.rule.kind, std::move(handle)});
  }
  return answer;
}

supervisor_described description_of(const std::string& name,
                                    const supervisor_rules& rules,
                                    const living_children& living,
                                    supervisor_rules::time_point now) {
  supervisor_described answer{name, rules.how(), rules.window().count(now), {}};
  for (const auto& [number, it] : rules.children().all())
    answer.children.push_back(
        {it.rule.id, it.rule.kind, it.rule.restart, it.phase, it.incarnation,
         it.restarts, rules.window().count(number, now), it.last_end,
         remark_of(it.rule), living.find(it.incarnation)});
  return answer;
}

} // namespace troupe::actors
