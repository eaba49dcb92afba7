#pragma once

#include "prompt_difficulty.hpp"

#include <troupe/protocol/catalogue.hpp>

#include <cstdint>
#include <vector>

namespace troupe::actors {

/// What a model is expected to do for a prompt.
struct model_estimate {
  double quality = 0; ///< 0 to 1.
  double spread = 0;  ///< Standard deviation of what is believed of it.
  double cost = 0;    ///< Nano-dollars.
};

/// How a model did: what was said of one answer.
struct model_outcome {
  std::size_t model = 0;
  double quality = 0; ///< 0 to 1.
};

/// What is known of models by experience: for each type of task and model a
/// discounted Beta posterior of its quality, and what its calls cost compared
/// with their list price; over all types and models, which prompts are hard.
/// Before there is any, a model's tier says what is expected, and what it does
/// in one type says something of the others. Bounded: types, models, and the
/// latest prompts that were judged, from which it learns several times. All
/// randomness comes from the seed. Not thread-safe.
class model_learning {
public:
  static constexpr std::size_t types_max = 16;
  static constexpr std::size_t remembered_max = 1'024;

  /// Errors: none; `types` above `types_max` are one: the last.
  model_learning(const std::vector<protocol::model_spec>& models,
                 std::size_t types, std::uint64_t seed);

  [[nodiscard]] std::size_t types() const { return types_.size(); }

  /// How easy the prompt looks, for `estimate`: once for all its models.
  [[nodiscard]] double ease_of(const prompt_features& prompt) const {
    return difficulty_.ease_of(prompt);
  }

  /// `listed`: what the call would cost at list price, as its asker knows it.
  [[nodiscard]] model_estimate estimate(std::size_t type, std::size_t model,
                                        double ease, double listed) const;

  /// One prompt, and how those models did that were asked.
  void judge(const prompt_features& prompt,
             const std::vector<model_outcome>& outcomes);

  /// What a call did cost that was expected to cost `listed`.
  void pay(std::size_t type, std::size_t model, double listed, double paid);

private:
  /// A discounted count of answers.
  struct tally {
    double good = 0;
    double all = 0;

    void add(double quality);
    [[nodiscard]] double mean(double expected, double mass) const {
      return (good + expected * mass) / (all + mass);
    }
  };
  struct bill {
    double listed = 0;
    double paid = 0;
    double count = 0; ///< Of calls.

    void add(double listed_more, double paid_more);
    /// Paid for what was listed as one; `otherwise` while there are few.
    [[nodiscard]] double ratio(double otherwise) const;
  };
  struct cell {
    tally answers;
    bill calls;
    double slope = 1; ///< How much a prompt's ease matters.
  };
  struct type_record {
    tally answers;
    tally expected; ///< What their models do elsewhere.
    bill calls;
    std::vector<cell> cells; ///< By model.
  };
  struct model_record {
    double prior = 0;
    tally answers;
    bill calls;
  };
  struct judged {
    prompt_features prompt;
    std::vector<model_outcome> outcomes;
  };

  [[nodiscard]] double mean_of(std::size_t model) const;
  /// What is expected of a model in a type before its own answers there.
  [[nodiscard]] double expected(std::size_t type, std::size_t model) const;
  [[nodiscard]] double price_ratio(std::size_t type, std::size_t model) const;
  void count(const judged& it);
  void learn(const judged& it);

  std::vector<type_record> types_;
  std::vector<model_record> models_;
  prompt_difficulty difficulty_;
  std::vector<judged> remembered_; ///< A ring.
  std::size_t next_ = 0;
  double lessons_ = 0;
  std::uint64_t random_;
};

} // namespace troupe::actors
