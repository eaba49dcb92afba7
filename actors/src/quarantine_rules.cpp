#include "troupe/actors/quarantine_rules.hpp"

#include "clip.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::quarantined_message;
using protocol::result;

namespace {

constexpr std::size_t why_bytes_max = 256;

protocol::error refusal_of(const quarantined_message& it) {
  auto detail = std::to_string(it.count)
                + (it.count == 1 ? " crash" : " crashes") + " over it: ";
  std::size_t told = 0;
  for (const auto& crash : it.crashes)
    if (told++ < 3)
      detail += (told == 1 ? "" : "; ") + crash.agent + ": " + crash.why;
  return fail(errc::quarantined, detail + "; kept as " + to_string(it.digest));
}

} // namespace

result<void> quarantine_rules::crashed(protocol::id digest,
                                       const protocol::perform_task& what,
                                       protocol::message_crash how) {
  auto& it = place_for(digest);
  it.task = what.task;
  if (it.count++ == 0)
    keep_texts(what, it);
  how.why = clip(clean_(how.why), why_bytes_max);
  it.crashes.push_back(std::move(how));
  if (it.crashes.size() > limits_.crashes_max)
    it.crashes.erase(it.crashes.begin());
  it.is_held = it.is_held || it.count >= limits_.crashes;
  if (it.is_held)
    return refusal_of(it);
  return {};
}

quarantined_message& quarantine_rules::place_for(protocol::id digest) {
  if (const auto known = messages_.find(digest); known != messages_.end())
    return known->second;
  if (messages_.size() >= limits_.messages_max)
    make_room();
  order_.push_back(digest);
  auto& fresh = messages_[digest];
  fresh.digest = digest;
  return fresh;
}

void quarantine_rules::make_room() {
  auto oldest = std::find_if(order_.begin(), order_.end(), [this](auto it) {
    return !messages_.at(it).is_held;
  });
  if (oldest == order_.end())
    oldest = order_.begin();
  messages_.erase(*oldest);
  order_.erase(oldest);
}

/// Secrets are taken out before anything is cut, so that none is left in part.
void quarantine_rules::keep_texts(const protocol::perform_task& what,
                                  quarantined_message& to) const {
  auto room = limits_.bytes_max;
  const auto cut = [&room](const std::string& text) {
    const std::string kept{clip(text, std::max<std::size_t>(room, 4))};
    room -= std::min(room, kept.size());
    return kept;
  };
  to.prompt = cut(clean_(what.prompt));
  for (const auto& input : what.inputs) {
    if (room < 4)
      return;
    to.inputs.push_back({cut(input.name), cut(clean_(input.text))});
  }
}

void quarantine_rules::went_well(protocol::id digest) {
  const auto known = messages_.find(digest);
  if (known != messages_.end() && !known->second.is_held)
    forget(digest);
}

result<void> quarantine_rules::admit(protocol::id digest) {
  const auto known = messages_.find(digest);
  if (known == messages_.end() || !known->second.is_held)
    return {};
  ++known->second.refused;
  return refusal_of(known->second);
}

bool quarantine_rules::release(protocol::id digest) {
  const auto known = messages_.find(digest);
  if (known == messages_.end() || !known->second.is_held)
    return false;
  forget(digest);
  return true;
}

void quarantine_rules::forget(protocol::id digest) {
  messages_.erase(digest);
  order_.erase(std::find(order_.begin(), order_.end(), digest));
}

std::optional<quarantined_message>
quarantine_rules::find(protocol::id digest) const {
  const auto known = messages_.find(digest);
  if (known == messages_.end())
    return std::nullopt;
  return known->second;
}

std::vector<quarantined_message> quarantine_rules::held() const {
  std::vector<quarantined_message> all;
  for (const auto digest : order_)
    if (const auto& it = messages_.at(digest); it.is_held)
      all.push_back(it);
  return all;
}

} // namespace troupe::actors
