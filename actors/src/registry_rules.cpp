#include "registry_rules.hpp"

#include <troupe/protocol/nearest.hpp>

#include <algorithm>

namespace troupe::actors {

using protocol::agent_card;
using protocol::errc;
using protocol::fail;

namespace {

constexpr std::size_t name_bytes_max = 128;
constexpr std::size_t skills_max = 64;
constexpr std::size_t candidates_max = 1'000; // looked at for "did you mean"

bool is_good_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes_max
         && std::all_of(name.begin(), name.end(), [](unsigned char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9') || c == '-' || c == '_'
                     || c == '.';
            });
}

} // namespace

protocol::result<std::uint64_t> registry_rules::add(const agent_card& card) {
  if (!is_good_name(card.name))
    return fail(errc::invalid_request,
                "an agent's name is 1 to 128 letters, digits, '-', '_', '.'");
  if (card.skills.size() > skills_max)
    return fail(errc::invalid_request, "an agent has at most 64 skills");
  auto found = by_name_.find(card.name);
  if (found == by_name_.end() && by_name_.size() >= agents_max_)
    return fail(errc::limit_exceeded, "the registry is full");
  if (found != by_name_.end())
    forget_skills(found->second);
  else
    found = by_name_.emplace(card.name, entry{}).first;
  found->second = {card, ++incarnations_};
  for (const auto& skill : card.skills)
    by_skill_[skill].insert({card.level, found->first});
  return incarnations_;
}

void registry_rules::forget_skills(const entry& it) {
  for (const auto& skill : it.card.skills) {
    const auto found = by_skill_.find(skill);
    if (found == by_skill_.end())
      continue;
    found->second.erase({it.card.level, it.card.name});
    if (found->second.empty())
      by_skill_.erase(found);
  }
}

void registry_rules::remove(const std::string& name,
                            std::uint64_t incarnation) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end() || found->second.incarnation != incarnation)
    return;
  forget_skills(found->second);
  by_name_.erase(found);
}

protocol::result<std::vector<const agent_card*>>
registry_rules::find(const protocol::discover_agents& query) const {
  if (query.count_max == 0 || query.count_max > 1'000)
    return fail(errc::invalid_request, "count_max is 1 to 1,000");
  std::vector<const agent_card*> matches;
  const auto consider = [&](const agent_card& card) {
    const bool has_skill =
        query.skill.empty()
        || std::count(card.skills.begin(), card.skills.end(), query.skill) != 0;
    if (card.level >= query.level && has_skill)
      matches.push_back(&card);
    return matches.size() < query.count_max;
  };
  if (!query.name.empty()) {
    if (const auto it = by_name_.find(query.name); it != by_name_.end())
      consider(it->second.card);
  } else if (!query.skill.empty()) {
    if (const auto it = by_skill_.find(query.skill); it != by_skill_.end())
      for (const auto& [level, name] : it->second)
        if (!consider(by_name_.at(std::string(name)).card))
          break;
  } else {
    std::set<rank> everybody;
    for (const auto& [name, it] : by_name_)
      everybody.insert({it.card.level, name});
    for (const auto& [level, name] : everybody)
      if (!consider(by_name_.at(std::string(name)).card))
        break;
  }
  if (matches.empty())
    return not_found(query);
  return matches;
}

protocol::error
registry_rules::not_found(const protocol::discover_agents& query) const {
  std::vector<std::string> candidates;
  if (!query.name.empty()) {
    for (const auto& [name, it] : by_name_)
      if (candidates.size() < candidates_max)
        candidates.push_back(name);
    std::sort(candidates.begin(), candidates.end());
    return fail(errc::unknown_agent,
                "no agent '" + query.name + "'"
                    + protocol::did_you_mean(query.name, candidates));
  }
  for (const auto& [skill, names] : by_skill_)
    if (candidates.size() < candidates_max)
      candidates.push_back(skill);
  return fail(errc::unknown_agent,
              query.skill.empty()
                  ? "no agent of that tier"
                  : "no agent with skill '" + query.skill + "'"
                        + protocol::did_you_mean(query.skill, candidates));
}

} // namespace troupe::actors
