#include "troupe/actors/exchange_book.hpp"

#include "exchange_diff.hpp"

#include <troupe/protocol/fingerprint.hpp>
#include <troupe/protocol/json.hpp>

#include <algorithm>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::size_t lines_max = 8;     ///< Of a difference.
constexpr std::size_t compared_max = 50; ///< To find the nearest.

/// Task and agent: an account is `tenant/run/task/agent`, and each run has a
/// name of its own.
std::string place_in(const std::string& account) {
  auto at = account.find('/');
  at = at == std::string::npos ? at : account.find('/', at + 1);
  return at == std::string::npos ? std::string{} : account.substr(at + 1);
}

/// Takes off what a provider is not told.
void strip(model_call& call) {
  call.account.clear();
  call.level = {};
}

id key_of(const std::string& provider, const model_call& asked) {
  fingerprint_builder key;
  key.add(provider);
  key.add_value(asked);
  return key.finish();
}

bool was_cancelled(const model_exchange& it) {
  return it.failure && it.failure->code == errc::cancelled;
}

boost::json::value form_of(const std::string& provider,
                           const model_call& asked) {
  auto form = to_json(asked);
  form.as_object()["provider"] = provider;
  return form;
}

} // namespace

exchange_book::exchange_book(std::vector<model_exchange> recorded,
                             replay_mode mode)
    : mode_(mode) {
  std::stable_sort(
      recorded.begin(), recorded.end(),
      [](const auto& a, const auto& b) { return a.number < b.number; });
  entries_.reserve(recorded.size());
  for (auto& it : recorded) {
    entry made;
    made.asked = std::move(it.asked);
    it.asked = {};
    made.place = place_in(made.asked.account);
    strip(made.asked);
    same_[key_of(it.provider, made.asked)].push_back(entries_.size());
    made.exchange = std::make_shared<const model_exchange>(std::move(it));
    entries_.push_back(std::move(made));
  }
}

exchange_book::entry* exchange_book::same(const wanted& call, bool unused) {
  const auto found = same_.find(key_of(call.provider, call.asked));
  if (found == same_.end())
    return nullptr;
  entry* first = nullptr;
  for (const auto at : found->second) {
    auto& it = entries_[at];
    if (it.used == unused || it.asked != call.asked
        || it.exchange->provider != call.provider)
      continue;
    if (it.place == call.place)
      return &it;
    if (first == nullptr)
      first = &it;
  }
  return first;
}

result<exchange_book::exchange_ptr>
exchange_book::take(const std::string& provider, model_call call) {
  auto place = place_in(call.account);
  strip(call);
  const wanted it{provider, std::move(call), std::move(place)};
  const std::lock_guard lock{mutex_};
  if (auto* found = same(it, true)) {
    found->used = true;
    ++replayed_;
    return found->exchange;
  }
  if (mode_ == replay_mode::lenient)
    return lenient(it);
  ++drifted_;
  return fail(errc::invalid_request, drift_of(it));
}

result<exchange_book::exchange_ptr> exchange_book::lenient(const wanted& call) {
  auto* found = same(call, false);
  if (found == nullptr || was_cancelled(*found->exchange))
    found = nearest(call);
  const bool fits =
      found != nullptr
      && (found->place == call.place || found->asked.model == call.asked.model);
  if (!fits) {
    ++drifted_;
    return fail(errc::invalid_request, drift_of(call));
  }
  found->used = true;
  ++nearest_;
  return found->exchange;
}

/// Of those that are left for the same task or model, if any is: for the same
/// task of the same model, for the same task, of the same model; of equals the
/// one with the fewest differences, then the first.
exchange_book::entry* exchange_book::nearest(const wanted& call) {
  const auto rank = [&](const entry& it) {
    const bool is_same_model = it.asked.model == call.asked.model
                               && it.exchange->provider == call.provider;
    const int likeness =
        (it.place == call.place ? 2 : 0) + (is_same_model ? 1 : 0);
    return likeness == 0 || it.used ? likeness : likeness + 4;
  };
  int best = -1;
  for (const auto& it : entries_)
    if (!was_cancelled(*it.exchange)) // it would wait to be cancelled again
      best = std::max(best, rank(it));
  const auto now = form_of(call.provider, call.asked);
  entry* found = nullptr;
  std::size_t fewest = SIZE_MAX;
  std::size_t compared = 0;
  for (auto& it : entries_) {
    if (was_cancelled(*it.exchange) || rank(it) != best
        || compared == compared_max)
      continue;
    ++compared;
    const auto count =
        differences(form_of(it.exchange->provider, it.asked), now, lines_max)
            .size();
    if (count < fewest) {
      fewest = count;
      found = &it;
    }
  }
  return found;
}

std::string exchange_book::drift_of(const wanted& call) {
  const auto by = call.place.empty() ? std::string{} : " of " + call.place;
  const auto what = "the call" + by + " to " + call.asked.model;
  if (const auto* used = same(call, false))
    return what + " was recorded, but not so often: exchange "
           + std::to_string(used->exchange->number) + " is used already";
  const auto* near = nearest(call);
  if (near == nullptr)
    return what + " was not recorded: the recording "
           + (entries_.empty() ? "is empty" : "holds nothing like it");
  auto text = what + " was not recorded; the nearest is exchange "
              + std::to_string(near->exchange->number)
              + (near->used ? ", which is used already:" : ":");
  for (const auto& line :
       differences(form_of(near->exchange->provider, near->asked),
                   form_of(call.provider, call.asked), lines_max))
    text += "\n" + line;
  return text;
}

exchange_counts exchange_book::counts() const {
  const std::lock_guard lock{mutex_};
  exchange_counts out;
  out.mode = mode_;
  out.replayed = replayed_;
  out.nearest = nearest_;
  out.drifted = drifted_;
  for (const auto& it : entries_) {
    if (!it.used && !was_cancelled(*it.exchange))
      out.unused.push_back(it.exchange->number);
  }
  return out;
}

} // namespace troupe::actors
