#pragma once

#include <troupe/protocol/catalogue.hpp>
#include <troupe/protocol/errc.hpp>
#include <troupe/protocol/model.hpp>
#include <troupe/protocol/result.hpp>
#include <troupe/protocol/time.hpp>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// When the answer of a cheap model is taken, and who is asked when it is not.
namespace troupe::actors {

/// Which tiers have models that the router may choose.
class tier_table {
public:
  explicit tier_table(const std::vector<protocol::model_spec>& models);

  /// The lowest tier from `least` up that has a model; null: none has.
  [[nodiscard]] std::optional<protocol::tier>
  lowest(protocol::tier least) const noexcept;

  /// Null: an unknown model.
  [[nodiscard]] std::optional<protocol::tier>
  of(const std::string& model) const;

private:
  std::array<bool, 3> has_{};
  std::map<std::string, protocol::tier> levels_; ///< By the model's id.
};

/// Where a call begins; null: its own tier is asked at once, since it has no
/// plan, names its model, or no lower tier of the plan has one.
[[nodiscard]] std::optional<protocol::tier>
first_tier(const protocol::model_call& call, const tier_table& tiers);

/// Whether a reply is whole: neither refused nor cut, with a text or with calls
/// of tools that were offered, whose arguments are JSON objects.
[[nodiscard]] bool has_good_form(const protocol::model_call& call,
                                 const protocol::model_reply& reply);

/// Until when a tier may take. One that is not the last has half of what is
/// left.
[[nodiscard]] protocol::instant time_of_tier(protocol::instant now,
                                             protocol::instant deadline,
                                             bool is_last) noexcept;

/// What is to be done next for a call.
enum class cascade_step : std::uint8_t {
  ask,   ///< `question()` is to be answered.
  judge, ///< `answer()` is to be rated.
  give,  ///< `take_reply()` is the answer.
  fail,  ///< `failure()` is.
};

/// One call on its way up the tiers. It is told what came of each step and says
/// what the next is; the first is `ask`.
class cascade_course {
public:
  /// `tiers` must outlive it; `first` as `first_tier` says.
  cascade_course(const tier_table& tiers, protocol::model_call asked,
                 protocol::tier first);

  [[nodiscard]] protocol::tier level() const noexcept { return level_; }
  [[nodiscard]] bool is_last() const noexcept { return level_ >= asked_.level; }
  [[nodiscard]] const protocol::model_call& asked() const noexcept {
    return asked_;
  }
  /// The call as the tier is asked.
  [[nodiscard]] protocol::model_call question() const;
  /// The answer that is to be rated; after `judge` only.
  [[nodiscard]] const protocol::model_reply& answer() const { return *answer_; }
  /// The call that asks a model to rate it.
  [[nodiscard]] protocol::model_call judging() const;

  [[nodiscard]] cascade_step answered(protocol::model_reply reply);
  /// The tier has failed; `has_time`: the call's deadline has not passed.
  [[nodiscard]] cascade_step failed(const protocol::error& why, bool has_time);
  /// The judge has answered, whatever it says.
  [[nodiscard]] cascade_step judged(const protocol::model_reply& reply);
  /// The rating; null: there is none, so the answer does not pass.
  [[nodiscard]] cascade_step rated(std::optional<std::uint32_t> permille);

  /// After `give`, once.
  [[nodiscard]] protocol::model_reply take_reply();
  [[nodiscard]] const protocol::error& failure() const noexcept {
    return failure_;
  }

private:
  void count(const protocol::model_reply& reply);
  cascade_step climb();
  [[nodiscard]] bool allows_cheaper() const;

  const tier_table* tiers_;
  protocol::model_call asked_;
  protocol::tier level_;   ///< Asked now.
  protocol::tier reached_; ///< Of the model that answered, or that tier.
  std::optional<protocol::model_reply> answer_; ///< That is looked at.
  std::optional<protocol::model_reply> spare_;  ///< Not passed, but of use.
  protocol::model_reply sum_; ///< Figures of all calls; no content.
  bool is_all_cached_ = true;
  protocol::error failure_{protocol::errc::internal, "nobody was asked"};
};

} // namespace troupe::actors
