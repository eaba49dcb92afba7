#pragma once

#include "breaker.hpp"
#include "key_rest.hpp"
#include "retry_rules.hpp"
#include "routed_call.hpp"

#include <map>
#include <string>
#include <vector>

namespace troupe::actors {

/// What the router knows of its models' troubles: their breakers, the rests
/// that were asked for, those of their providers' keys, and how many second
/// tries their providers may still get. Models are numbered as in the router's
/// configuration. Not thread-safe.
class model_health {
public:
  explicit model_health(const router_config& config);

  /// Leaves out those that have failed the call and whose provider may have no
  /// second tries now.
  void drop_hopeless(std::vector<candidate>& from) const;

  /// Whether a call may be sent there now.
  [[nodiscard]] bool is_askable(const candidate& to,
                                protocol::instant now) const {
    return is_rested(to, now) && breakers_[to.model].next_try(now) <= now;
  }

  /// The same; it is then counted as sent.
  [[nodiscard]] std::optional<breaker::ticket> admit(const candidate& to,
                                                     protocol::instant now);

  struct chance {
    protocol::instant first = protocol::instant::max();
    bool is_probed = false; ///< It may come earlier: a probe is on its way.
    bool is_open = true;    ///< The breakers of all of them are.
  };
  /// When a call may be sent to one of `to`, of which none may be asked now.
  [[nodiscard]] chance next_chance(std::vector<candidate>& to,
                                   protocol::instant now);

  /// Whose breaker lets a probe through first, of those that wait for nothing
  /// else; the end, when there are none.
  [[nodiscard]] std::vector<candidate>::iterator
  least_bad(std::vector<candidate>& from, protocol::instant now) const;

  /// A call is sent there whatever its breaker says.
  [[nodiscard]] breaker::ticket force(const candidate& to) {
    count_try(to);
    return breakers_[to.model].force();
  }

  /// What became of a call. True when others may be let through now, or at
  /// another time than they were told.
  bool report(std::size_t model, const breaker::ticket& of,
              call_verdict verdict, protocol::instant now);

  /// A call has failed there: the model may have asked to be left alone, or
  /// its provider's key may be of no use.
  void note_failure(std::size_t model, const protocol::error& why,
                    protocol::instant now);

  /// The same model once more, after a pause.
  [[nodiscard]] candidate again(candidate it, protocol::instant now);

private:
  void count_try(const candidate& to);
  [[nodiscard]] bool is_rested(const candidate& to,
                               protocol::instant now) const {
    return to.ready <= now && rests_[to.model].is_over(now)
           && key_of(to.model).is_over(now);
  }
  [[nodiscard]] const key_rest& key_of(std::size_t model) const {
    return keys_.at(provider_of_[model]);
  }

  retry_limits limits_;
  std::uint64_t random_;
  std::vector<std::string> provider_of_; // by model, like these two
  std::vector<breaker> breakers_;
  std::vector<asked_rest> rests_;
  std::map<std::string, retry_allowance> allowances_; ///< By provider.
  std::map<std::string, key_rest> keys_;              ///< The same.
};

} // namespace troupe::actors
