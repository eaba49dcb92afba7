#pragma once

#include "troupe/testing/model_script.hpp"

#include <troupe/runtime/runtime.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace troupe::testing {

/// A call that an agent has made of its model.
struct made_call {
  std::string agent; ///< That has the task, and pays.
  std::string task;
  std::string prompt; ///< Instructions and all messages, a line each.
  protocol::instant at;
  protocol::model_call call;
};

/// A runtime for tests: its models are scripted, its time is virtual, all runs
/// on the thread of the test. Hours pass in milliseconds, and the same seed
/// gives the same history. Nothing is sent anywhere and nothing costs money.
/// A call for which no script has an act left fails with `provider_rejected`.
/// A `blocking` agent runs within its turn: what it waits for goes on
/// meanwhile, but one that is waited for by nobody has to end by itself.
/// For one thread.
class stage {
public:
  /// The defaults stand for any configuration; its providers are all replaced.
  /// Throws, as `result::value`, for a configuration that `runtime::create`
  /// has something against.
  explicit stage(std::uint64_t seed = 1, runtime_config config = {});
  ~stage();
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  /// What models say to all, where no other script is for it.
  model_script& model();
  /// What models say to the agent that has the task; what its colleagues ask
  /// for it counts as its own, as it pays.
  model_script& model(const std::string& agent);
  /// What models say to a prompt in which these words stand, before the others.
  model_script& when(const std::string& words);

  /// To add agents and tools to, and for all else. Its functions wait in
  /// virtual time.
  [[nodiscard]] troupe::runtime& runtime();

  /// Runs a mission to its end. Errors: as `runtime::start`.
  [[nodiscard]] protocol::result<protocol::run_report>
  run(protocol::mission mission, const run_options& options = {});

  /// Lets time pass, and happen what happens in it.
  void advance(protocol::duration time);
  [[nodiscard]] protocol::instant now() const;

  /// All calls of models, in order.
  [[nodiscard]] const std::vector<made_call>& calls() const;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace troupe::testing
