#include "troupe/actors/repeat_rules.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string_view>

namespace troupe::actors {

using namespace protocol;

namespace {

boost::json::value in_order(const boost::json::value& it) {
  if (const auto* all = it.if_array()) {
    boost::json::array out;
    for (const auto& each : *all)
      out.push_back(in_order(each));
    return out;
  }
  const auto* members = it.if_object();
  if (members == nullptr)
    return it;
  std::vector<std::string_view> names;
  names.reserve(members->size());
  for (const auto& each : *members)
    names.emplace_back(each.key().data(), each.key().size());
  std::sort(names.begin(), names.end());
  boost::json::object out;
  for (const auto name : names)
    out[name] = in_order(members->at(name));
  return out;
}

} // namespace

std::string canonical_json(const std::string& text) {
  const auto parsed = parse_json(text);
  return parsed ? boost::json::serialize(in_order(*parsed)) : text;
}

std::vector<repeat_rules::verdict>
repeat_rules::judge(const std::vector<tool_call>& calls) {
  std::vector<verdict> verdicts;
  verdicts.reserve(calls.size());
  std::vector<past*> told;
  for (const auto& call : calls) {
    auto& it = calls_[call.name + '\n' + canonical_json(call.arguments)];
    is_stuck_ = is_stuck_ || it.is_told;
    if (it.made < most_) {
      ++it.made;
      verdicts.push_back(verdict::make);
    } else {
      told.push_back(&it);
      verdicts.push_back(verdict::tell);
    }
  }
  // Of calls in one reply the model had not been told.
  for (auto* it : told)
    it->is_told = true;
  return verdicts;
}

} // namespace troupe::actors
