#include "troupe/actors/vote_rules.hpp"

#include <algorithm>
#include <set>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::vote_state;

namespace {

constexpr std::size_t hash_bytes_max = 128;
constexpr std::size_t question_bytes_max = 65'536;
constexpr std::size_t options_max = 64;
constexpr std::size_t option_bytes_max = 256;
constexpr std::size_t voters_max = 10'000;
constexpr std::size_t provider_bytes_max = 128;

bool has_twice(const std::vector<std::string>& texts) {
  return std::set<std::string>(texts.begin(), texts.end()).size()
         != texts.size();
}

bool is_bad_option(const std::string& option) {
  return option.empty() || option.size() > option_bytes_max;
}

protocol::result<void> check(const protocol::call_vote& call,
                             const std::vector<std::string>& voters) {
  if (call.hash.empty() || call.hash.size() > hash_bytes_max)
    return fail(errc::invalid_request, "a hash has 1 to 128 bytes");
  if (call.question.size() > question_bytes_max)
    return fail(errc::invalid_request, "a question has at most 64 KiB");
  if (call.options.size() < 2 || call.options.size() > options_max
      || has_twice(call.options)
      || std::any_of(call.options.begin(), call.options.end(), is_bad_option))
    return fail(errc::invalid_request,
                "a vote has 2 to 64 options, all different, of 1 to 256 bytes");
  if (voters.empty() || voters.size() > voters_max || has_twice(voters))
    return fail(errc::invalid_request,
                "a vote has 1 to 10,000 voters, all different");
  if (call.quorum > voters.size() || call.quorum <= voters.size() / 2)
    return fail(errc::invalid_request,
                "a quorum is more than half of the voters, and at most all");
  if (call.deadline == instant{})
    return fail(errc::invalid_request, "a vote needs a deadline");
  return {};
}

} // namespace

protocol::result<vote_rules>
vote_rules::open(protocol::call_vote call,
                 const std::vector<std::string>& voters) {
  if (auto good = check(call, voters); !good)
    return good.error();
  vote_rules rules{std::move(call)};
  for (const auto& name : voters)
    rules.voters_.push_back({name, {}, -1, false, false});
  std::sort(rules.voters_.begin(), rules.voters_.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return rules;
}

vote_rules::verdict vote_rules::cast(const protocol::cast_vote& vote,
                                     const std::string& from, instant now) {
  expire(now);
  auto* who = find(from);
  if (who == nullptr || vote.agent != from)
    return verdict::stranger;
  if (vote.proposal != call_.proposal || vote.round != call_.round
      || vote.hash != call_.hash)
    return verdict::foreign;
  if (result_)
    return verdict::late;
  const auto option = option_of(vote.option);
  if (option < 0)
    return verdict::unknown;
  if (who->has_equivocated)
    return verdict::equivocated;
  if (who->option == option)
    return verdict::repeated;
  if (who->option >= 0) {
    who->has_equivocated = true;
    end_if_settled();
    return verdict::equivocated;
  }
  who->option = option;
  who->provider = vote.provider.substr(0, provider_bytes_max);
  end_if_settled();
  return verdict::counted;
}

void vote_rules::leave(const std::string& name) {
  if (auto* who = find(name)) {
    who->has_left = true;
    end_if_settled();
  }
}

void vote_rules::expire(instant now) {
  if (now >= call_.deadline && !result_)
    end(vote_state::no_decision);
}

vote_rules::voter* vote_rules::find(const std::string& name) {
  const auto found = std::lower_bound(
      voters_.begin(), voters_.end(), name,
      [](const voter& a, const std::string& b) { return a.name < b; });
  return found == voters_.end() || found->name != name ? nullptr : &*found;
}

int vote_rules::option_of(const std::string& text) const {
  const auto found =
      std::find(call_.options.begin(), call_.options.end(), text);
  return found == call_.options.end()
             ? -1
             : static_cast<int>(found - call_.options.begin());
}

std::vector<std::uint32_t> vote_rules::counts() const {
  std::vector<std::uint32_t> all(call_.options.size());
  for (const auto& it : voters_)
    if (it.option >= 0 && !it.has_equivocated)
      ++all[static_cast<std::size_t>(it.option)];
  return all;
}

void vote_rules::end_if_settled() {
  if (result_)
    return;
  const auto all = counts();
  const auto most = *std::max_element(all.begin(), all.end());
  const auto open = static_cast<std::uint32_t>(
      std::count_if(voters_.begin(), voters_.end(), [](const voter& it) {
        return it.option < 0 && !it.has_left;
      }));
  if (most >= call_.quorum)
    end(vote_state::decided);
  else if (most + open < call_.quorum)
    end(vote_state::no_decision);
}

std::uint32_t vote_rules::providers_of(int option) const {
  std::set<std::string> names;
  for (const auto& it : voters_)
    if (it.option == option && !it.has_equivocated && !it.provider.empty())
      names.insert(it.provider);
  return static_cast<std::uint32_t>(names.size());
}

void vote_rules::end(vote_state state) {
  const auto all = counts();
  const auto ahead = std::max_element(all.begin(), all.end()) - all.begin();
  protocol::vote_result out;
  out.proposal = call_.proposal;
  out.round = call_.round;
  out.hash = call_.hash;
  out.state = state;
  if (state == vote_state::decided)
    out.option = call_.options[static_cast<std::size_t>(ahead)];
  for (std::size_t i = 0; i < all.size(); ++i)
    out.counts.push_back({call_.options[i], all[i]});
  out.voters = static_cast<std::uint32_t>(voters_.size());
  out.quorum = call_.quorum;
  out.providers = providers_of(static_cast<int>(ahead));
  for (const auto& it : voters_)
    if (it.has_equivocated)
      out.equivocators.push_back(it.name);
  result_ = std::move(out);
}

} // namespace troupe::actors
