#pragma once

#include <troupe/protocol/exchange.hpp>
#include <troupe/protocol/id.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// Where exchanges are recorded. Thread safety: any thread.
class exchange_log {
public:
  exchange_log() = default;
  exchange_log(const exchange_log&) = delete;
  exchange_log& operator=(const exchange_log&) = delete;
  virtual ~exchange_log() = default;

  /// The number of a call that begins now; from 1.
  [[nodiscard]] virtual std::uint64_t next_number() = 0;

  /// Keeps an exchange that has ended; may block as long as a disk takes.
  /// After an error, which is told once, nothing more is kept.
  [[nodiscard]] virtual protocol::result<void>
  append(const protocol::model_exchange& exchange) = 0;
};

/// Exchanges that were recorded, each to be used for one call. Two calls are
/// the same when the provider, the model and all that it is told are: not who
/// pays, nor the tier, nor times. Among the same, a call gets what was recorded
/// for its own task and agent, else the first. Thread safety: any thread.
class exchange_book {
public:
  using exchange_ptr = std::shared_ptr<const protocol::model_exchange>;

  exchange_book(std::vector<protocol::model_exchange> recorded,
                protocol::replay_mode mode);

  /// The exchange that answers a call. Errors: `invalid_request` when there is
  /// none; the detail names the nearest and tells how it differs, with a few
  /// words of both. Lenient: the same call once more, else the nearest of the
  /// same model for the same task, then for the task, then of the model.
  [[nodiscard]] protocol::result<exchange_ptr> take(const std::string& provider,
                                                    protocol::model_call call);

  [[nodiscard]] protocol::exchange_counts counts() const;

private:
  struct entry {
    exchange_ptr exchange;
    protocol::model_call asked; ///< Less what does not matter.
    std::string place;          ///< Task and agent that had asked.
    bool used = false;
  };
  struct wanted {
    const std::string& provider;
    protocol::model_call asked;
    std::string place;
  };

  [[nodiscard]] entry* same(const wanted& call, bool unused);
  [[nodiscard]] entry* nearest(const wanted& call);
  [[nodiscard]] std::string drift_of(const wanted& call);
  [[nodiscard]] protocol::result<exchange_ptr> lenient(const wanted& call);

  mutable std::mutex mutex_; ///< Guards what follows.
  protocol::replay_mode mode_;
  std::vector<entry> entries_; ///< In the order of their numbers.
  std::unordered_map<protocol::id, std::vector<std::size_t>> same_;
  std::uint64_t replayed_ = 0;
  std::uint64_t nearest_ = 0;
  std::uint64_t drifted_ = 0;
};

} // namespace troupe::actors
