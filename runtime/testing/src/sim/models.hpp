#pragma once

#include "fact.hpp"
#include "scripted_provider.hpp"

#include <troupe/runtime/catalogue.hpp>

#include <functional>
#include <map>

namespace troupe::testing::sim {

/// Does with calls what the models of a simulation do: mostly they answer, and
/// for a while they do not. The same call gets the same again only by chance.
class models {
public:
  using note = std::function<void(fact)>;

  models(std::uint64_t seed, note tell) : seed_(seed), tell_(std::move(tell)) {}

  /// Some of the calls until then go wrong, in one way or in all.
  void make_bad(std::uint64_t how, protocol::instant until);
  void heal() { bad_until_ = {}; }

  /// `prices`: those that calls are billed by.
  [[nodiscard]] model_act
  answer(const protocol::request<protocol::model_call>& asked,
         protocol::instant now, const catalogue& prices);

private:
  enum class trouble : std::uint8_t {
    throttled,   ///< 429, by chance with a time to wait.
    unavailable, ///< 5xx.
    hang,
    cut, ///< The stream ends in the midst.
    zero_usage,
    over_report, ///< More tokens than there can be.
    malformed,
    slow,
    none,
  };

  [[nodiscard]] trouble trouble_of(dice& random, protocol::instant now) const;
  void act_badly(trouble how, dice& random, model_act& act);
  void count(const char* fault) { tell_({fact_kind::fault, 0, {}, {}, fault}); }

  std::uint64_t seed_;
  note tell_;
  std::uint64_t bad_ = 0;
  protocol::instant bad_until_{};
  std::map<std::uint64_t, std::uint64_t> seen_; ///< Calls, by what they say.
};

/// The run that a path of accounts is of; null: none.
[[nodiscard]] protocol::id run_of(const std::string& account);

} // namespace troupe::testing::sim
