#include "support/cluster/history_checker.hpp"

#include <algorithm>

namespace troupe::test {

namespace {

using violations = std::vector<history_violation>;

/// What was asked for under one key.
struct effect_wish {
  bool may_happen = false;
  bool is_promised = false;
};

std::string milliseconds(history_time time) {
  if (time == never)
    return "now";
  return std::to_string(
             std::chrono::duration_cast<std::chrono::milliseconds>(time)
                 .count())
         + " ms";
}

std::string text_of(const seen_tenure& it) {
  return "'" + it.singleton + "' on " + it.node + " with token "
         + std::to_string(it.token) + ", " + milliseconds(it.from) + " to "
         + milliseconds(it.until);
}

/// Adds to an account and to those above it; tells the first that has too much.
void spend(const seen_bill& bill, const history& seen,
           std::map<std::string, std::int64_t>& spent, violations& found) {
  auto account = bill.account;
  while (true) {
    const auto sum = spent[account] += bill.amount;
    const auto limit = seen.limits.find(account);
    if (limit != seen.limits.end() && sum > limit->second && bill.amount > 0)
      found.push_back({"overspent", "'" + account + "' had spent "
                                        + std::to_string(sum) + " of "
                                        + std::to_string(limit->second) + " at "
                                        + milliseconds(bill.at)});
    const auto above = account.rfind('/');
    if (above == std::string::npos)
      break;
    account.resize(above);
  }
}

void check_tenures(std::vector<const seen_tenure*> all, violations& found) {
  std::stable_sort(all.begin(), all.end(), [](const auto* a, const auto* b) {
    return a->from < b->from;
  });
  const seen_tenure* longest = nullptr; // of those before
  const seen_tenure* newest = nullptr;  // by its token
  for (const auto* it : all) {
    if (longest != nullptr && it->from < longest->until)
      found.push_back(
          {"two_at_once", text_of(*longest) + ", and " + text_of(*it)});
    if (newest != nullptr && it->token <= newest->token)
      found.push_back(
          {"old_token", text_of(*it) + ", after " + text_of(*newest)});
    if (longest == nullptr || longest->until < it->until)
      longest = it;
    if (newest == nullptr || newest->token < it->token)
      newest = it;
  }
}

} // namespace

std::vector<history_violation> check_effects(const history& seen) {
  violations found;
  std::map<std::string, effect_wish> wishes;
  for (const auto& op : seen.ops) {
    if (op.kind != op_kind::effect)
      continue;
    auto& wish = wishes[op.key];
    wish.may_happen = wish.may_happen || op.end != op_end::failed;
    wish.is_promised = wish.is_promised || op.end == op_end::ok;
  }
  std::map<std::string, const seen_effect*> done;
  for (const auto& effect : seen.effects) {
    const auto [first, is_new] = done.try_emplace(effect.key, &effect);
    if (!is_new)
      found.push_back(
          {"repeated", "'" + effect.key + "' by " + first->second->node + " at "
                           + milliseconds(first->second->at) + ", and by "
                           + effect.node + " at " + milliseconds(effect.at)});
    if (const auto wish = wishes.find(effect.key);
        wish == wishes.end() || !wish->second.may_happen)
      found.push_back({"unasked", "'" + effect.key + "' by " + effect.node
                                      + " at " + milliseconds(effect.at)});
  }
  for (const auto& [key, wish] : wishes)
    if (wish.is_promised && !done.contains(key))
      found.push_back({"undone", "'" + key + "' was acknowledged"});
  return found;
}

std::vector<history_violation> check_spending(const history& seen) {
  violations found;
  auto bills = seen.bills;
  std::stable_sort(bills.begin(), bills.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  std::map<std::string, std::int64_t> spent;
  for (const auto& bill : bills)
    spend(bill, seen, spent, found);
  return found;
}

std::vector<history_violation> check_singletons(const history& seen) {
  violations found;
  std::map<std::string, std::vector<const seen_tenure*>> by_name;
  for (const auto& it : seen.tenures)
    by_name[it.singleton].push_back(&it);
  for (auto& [name, all] : by_name)
    check_tenures(std::move(all), found);
  return found;
}

std::vector<history_violation> check_history(const history& seen) {
  violations all;
  for (const auto check : {&check_writes, &check_versions, &check_effects,
                           &check_spending, &check_singletons}) {
    auto found = check(seen);
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  return all;
}

std::string to_text(const std::vector<history_violation>& violations) {
  constexpr std::size_t lines_max = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(violations.size(), lines_max); ++i)
    text += violations[i].rule + ": " + violations[i].what + '\n';
  if (violations.size() > lines_max)
    text += "and " + std::to_string(violations.size() - lines_max) + " more\n";
  return text;
}

} // namespace troupe::test
