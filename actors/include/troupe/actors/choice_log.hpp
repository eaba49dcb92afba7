#pragma once

#include "troupe/actors/task_complexity.hpp"

#include <troupe/protocol/describe.hpp>
#include <troupe/protocol/id.hpp>
#include <troupe/protocol/money.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe::actors {

/// A model that a call could have gone to, as it was weighed.
struct offered_choice {
  std::string model;                  ///< Catalogue id.
  protocol::money listed;             ///< At list price, as estimated.
  protocol::money expected;           ///< As calls like it have cost so far.
  std::uint32_t quality_permille = 0; ///< As expected.
  /// How probable it was that it comes first, in millionths.
  std::uint32_t propensity_ppm = 0;

  bool operator==(const offered_choice&) const = default;
};
BOOST_DESCRIBE_STRUCT(offered_choice, (),
                      (model, listed, expected, quality_permille,
                       propensity_ppm))

/// A call whose models a learned policy has ordered, and what became of it.
struct made_choice {
  protocol::id call; ///< The request to the router.
  task_type type = task_type::general;
  std::vector<offered_choice> offered; ///< Best first.
  std::string model;                   ///< That answered.
  protocol::money cost;                ///< Of its answer.
  /// What the prompt gave to learn from: hashed words, as bytes.
  std::string features;
  std::optional<std::uint32_t> quality_permille; ///< Null: not judged.

  bool operator==(const made_choice&) const = default;
};

/// Is told what a learned policy has chosen and how good it was. Must not block
/// and must not throw. Thread safety: any thread.
class choice_log {
public:
  choice_log() = default;
  choice_log(const choice_log&) = delete;
  choice_log& operator=(const choice_log&) = delete;
  virtual ~choice_log() = default;

  /// A call was answered; once a call, before it is judged.
  virtual void answered(made_choice choice) = 0;

  virtual void judged(protocol::id call, std::uint32_t quality_permille) = 0;
};

} // namespace troupe::actors
