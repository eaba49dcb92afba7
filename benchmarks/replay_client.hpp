#pragma once

#include "admission.hpp"
#include "replay.hpp"
#include "retry_rules.hpp"

#include <map>
#include <memory>

namespace troupe::benchmarks {

/// What became of the calls of a replay.
struct outcome {
  std::uint64_t refusals = 0; ///< 429.
  std::uint64_t sent = 0;
  std::uint64_t done = 0;
  std::vector<double> waits;             ///< Seconds, of those that were done.
  std::vector<double> asked_by, done_by; ///< Tokens, by tenant.
};

struct setting {
  key_limits limits;
  std::uint32_t tenants = 10;
  duration burst = std::chrono::seconds{10}; ///< That is expected of the key.
  duration patience = std::chrono::seconds{60}; ///< From a call's arrival.
  std::uint32_t attempts_max = 3;
  std::uint64_t seed = 1;
};

/// Who sends the calls of a replay to one key, each until its deadline, with
/// the pauses of `retry_rules` after a refusal.
class client {
public:
  client(const std::vector<recorded>& calls, const setting& how);
  client(const client&) = delete;
  client& operator=(const client&) = delete;
  virtual ~client() = default;

  outcome run();

protected:
  struct job {
    const recorded* what = nullptr;
    instant deadline;
    std::uint32_t attempts = 0;
    actors::call_ptr call; ///< For the admission.
  };
  using job_ptr = std::shared_ptr<job>;

  /// It has come, or may be tried again.
  virtual void arrive(const job_ptr& it) = 0;
  /// It has ended, and another may go: after a refusal, with the wait.
  virtual void left(const job_ptr& it, std::optional<duration> refused) = 0;

  void send(const job_ptr& it);
  [[nodiscard]] std::uint64_t random();

  setting how_;
  virtual_hour hour_;

private:
  void again(const job_ptr& it, duration wait);

  const std::vector<recorded>* calls_;
  simulated_key key_;
  outcome out_;
  std::uint64_t random_;
};

/// Each at once.
[[nodiscard]] outcome replay_at_once(const std::vector<recorded>& calls,
                                     const setting& how);
/// In order of arrival, so many at one time.
[[nodiscard]] outcome replay_fixed(const std::vector<recorded>& calls,
                                   const setting& how, std::uint32_t at_once);
/// Through the admission, with the key's limits but for the one that is not
/// told; tenants share, or stand in one line.
[[nodiscard]] outcome replay_admitted(const std::vector<recorded>& calls,
                                      const setting& how, bool shares);

} // namespace troupe::benchmarks
