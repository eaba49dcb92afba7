#include "troupe/actors/registry_rules.hpp"

#include <troupe/protocol/nearest.hpp>

#include <algorithm>
#include <utility>

namespace troupe::actors {

using protocol::agent_card;
using protocol::errc;
using protocol::fail;

namespace {

constexpr std::size_t name_bytes_max = 128;
constexpr std::size_t skills_max = 64;
constexpr std::size_t tags_max = 64;
constexpr std::size_t text_bytes_max = 4'096;
constexpr std::size_t candidates_max = 1'000; // looked at for "did you mean"

bool is_good_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes_max
         && std::all_of(name.begin(), name.end(), [](unsigned char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9') || c == '-' || c == '_'
                     || c == '.';
            });
}

bool has(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

/// Whether all exact fields of the question match; text is left out.
bool fits(const agent_card& card, const protocol::discover_agents& query) {
  return card.level >= query.level
         && (query.name.empty() || card.name == query.name)
         && (query.skill.empty() || has(card.skills, query.skill))
         && std::all_of(query.tags.begin(), query.tags.end(),
                        [&](const auto& tag) { return has(card.tags, tag); });
}

protocol::result<void> check(const agent_card& card) {
  const auto is_long = [](const std::string& text) {
    return text.size() > name_bytes_max;
  };
  if (!is_good_name(card.name))
    return fail(errc::invalid_request,
                "an agent's name is 1 to 128 letters, digits, '-', '_', '.'");
  if (card.skills.size() > skills_max)
    return fail(errc::invalid_request, "an agent has at most 64 skills");
  if (card.tags.size() > tags_max)
    return fail(errc::invalid_request, "an agent has at most 64 tags");
  if (std::any_of(card.skills.begin(), card.skills.end(), is_long)
      || std::any_of(card.tags.begin(), card.tags.end(), is_long))
    return fail(errc::invalid_request,
                "a skill or a tag has at most 128 bytes");
  if (card.description.size() > text_bytes_max)
    return fail(errc::invalid_request, "a description has at most 4,096 bytes");
  return {};
}

} // namespace

protocol::result<std::uint64_t> registry_rules::add(const agent_card& card) {
  if (auto good = check(card); !good)
    return good.error();
  auto found = by_name_.find(card.name);
  if (found == by_name_.end() && by_name_.size() >= agents_max_)
    return fail(errc::limit_exceeded, "the registry is full");
  if (found != by_name_.end())
    forget_card(found->second);
  else
    found = by_name_.emplace(card.name, entry{}).first;
  found->second = {card, ++incarnations_};
  for (const auto& skill : card.skills)
    by_skill_[skill].insert({card.level, found->first});
  if (is_indexing_)
    index_.add(found->second.card);
  return incarnations_;
}

void registry_rules::forget_card(const entry& it) {
  index_.remove(it.card);
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
  forget_card(found->second);
  by_name_.erase(found);
}

bool registry_rules::index_some(std::size_t count) {
  if (!std::exchange(is_indexing_, true)) {
    unread_.reserve(by_name_.size());
    for (const auto& [name, it] : by_name_)
      unread_.push_back(name);
  }
  for (; count > 0 && !unread_.empty(); --count) {
    // Who has left is not there; who came anew is in the index already.
    if (const auto it = by_name_.find(unread_.back()); it != by_name_.end())
      index_.add(it->second.card);
    unread_.pop_back();
  }
  return unread_.empty();
}

protocol::result<std::vector<registry_rules::match>>
registry_rules::find(const protocol::discover_agents& query) {
  if (query.count_max == 0 || query.count_max > 1'000)
    return fail(errc::invalid_request, "count_max is 1 to 1,000");
  if (query.text.size() > text_bytes_max)
    return fail(errc::invalid_request, "the text has more than 4,096 bytes");
  if (query.tags.size() > tags_max)
    return fail(errc::invalid_request, "a question has at most 64 tags");
  auto matches = query.text.empty() ? by_rank(query) : by_text(query);
  if (matches.empty())
    return not_found(query);
  return matches;
}

std::vector<registry_rules::match>
registry_rules::by_text(const protocol::discover_agents& query) {
  while (!index_some(by_name_.size() + 1)) {
  }
  std::vector<match> matches;
  for (const auto& hit : index_.search(
           query.text,
           [&](const agent_card& card) { return fits(card, query); },
           query.count_max))
    matches.push_back({hit.card, hit.permille});
  return matches;
}

std::vector<registry_rules::match>
registry_rules::by_rank(const protocol::discover_agents& query) const {
  std::vector<match> matches;
  const auto consider = [&](const agent_card& card) {
    if (fits(card, query))
      matches.push_back({&card, 0});
    return matches.size() < query.count_max;
  };
  if (!query.name.empty()) {
    if (const auto it = by_name_.find(query.name); it != by_name_.end())
      consider(it->second.card);
    return matches;
  }
  std::set<rank> everybody;
  const auto* candidates = &everybody;
  if (query.skill.empty()) {
    for (const auto& [name, it] : by_name_)
      everybody.insert({it.card.level, name});
  } else if (const auto it = by_skill_.find(query.skill);
             it != by_skill_.end()) {
    candidates = &it->second;
  }
  for (const auto& [level, name] : *candidates)
    if (!consider(by_name_.at(std::string(name)).card))
      break;
  return matches;
}

std::vector<std::string>
registry_rules::names_of(const std::string& skill,
                         const std::string& tag) const {
  protocol::discover_agents query;
  query.skill = skill;
  if (!tag.empty())
    query.tags = {tag};
  std::vector<std::string> names;
  for (const auto& [name, it] : by_name_)
    if (fits(it.card, query))
      names.push_back(name);
  return names;
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
  if (!query.text.empty())
    return fail(errc::unknown_agent, "no agent matches the text");
  if (query.skill.empty())
    return fail(errc::unknown_agent, query.tags.empty()
                                         ? "no agent of that tier"
                                         : "no agent of those tags and tier");
  for (const auto& [skill, names] : by_skill_)
    if (candidates.size() < candidates_max)
      candidates.push_back(skill);
  return fail(errc::unknown_agent,
              "no agent with skill '" + query.skill + "'"
                  + protocol::did_you_mean(query.skill, candidates));
}

} // namespace troupe::actors
