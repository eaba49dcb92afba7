#pragma once

#include "client_words.hpp"

#include <troupe/actors/durable_store.hpp>
#include <troupe/runtime/queued_mission.hpp>

#include <memory>

namespace troupe::cluster {

struct queue_limits {
  std::uint32_t open_max = 1'000; ///< Missions that wait or run.
  std::uint32_t aside_max = 100;  ///< That were set aside; the oldest go.
  std::uint32_t claims_max = 5;   ///< Of one mission; then it is set aside.
};

/// The missions of a cluster that wait for a node, in the store that all nodes
/// share. A claim is a lease with a fencing token: whoever comes back late ends
/// nothing. Used by one thread at a time, which it blocks as the store does.
/// Errors of all: those of the store.
class mission_queue {
public:
  mission_queue(std::shared_ptr<actors::durable_store> store, std::string node,
                std::uint64_t seed, queue_limits limits = {});

  /// Puts a mission at the end; the id is that of its run, whoever claims it.
  /// Errors: `invalid_request` when it may ask a person, `overloaded` when it
  /// is full, `limit_exceeded` when the mission is larger than the store's
  /// values.
  protocol::result<protocol::id> add(const ask_run& what,
                                     protocol::instant now);

  struct claimed {
    protocol::id run;
    std::uint64_t task = 0;
    std::uint64_t token = 0;
    std::uint32_t claims = 0; ///< This one included.
    ask_run what;
  };
  /// The next that nobody has; nothing: there is none. One that was given away
  /// too often, or that nobody can read, is set aside.
  protocol::result<std::optional<claimed>> claim(protocol::duration lease,
                                                 protocol::instant now);

  /// False: another node has it.
  protocol::result<bool> extend(const claimed& it, protocol::duration lease,
                                protocol::instant now);
  /// Its run has ended. Errors: `version_conflict` when another node has it.
  protocol::result<void> done(const claimed& it, protocol::instant now);
  /// Gives it back, for after `delay`. Errors: as `done`.
  protocol::result<void> give_back(const claimed& it, const std::string& why,
                                   protocol::duration delay,
                                   protocol::instant now);
  /// The same, behind all others; this claim does not count. Errors: as `done`.
  protocol::result<void> put_off(const claimed& it, const std::string& why,
                                 protocol::duration delay,
                                 protocol::instant now);

  /// What waits, runs, or was set aside, the oldest first.
  protocol::result<std::vector<queued_mission>> list();

private:
  using txn = actors::store_txn;

  protocol::result<void> open(protocol::instant now);
  protocol::result<void> commit(txn what, protocol::instant now);
  protocol::result<queued_mission> record_of(protocol::id run);
  protocol::result<queued_mission> waiting(const claimed& it,
                                           const std::string& why);
  protocol::result<void> set_aside(const actors::claimed_task& it,
                                   protocol::id run, const std::string& why,
                                   protocol::instant now);
  protocol::result<void> trim_aside(protocol::instant now);

  std::shared_ptr<actors::durable_store> store_;
  std::string node_;
  protocol::id_source ids_;
  queue_limits limits_;
  bool is_open_ = false;
};

} // namespace troupe::cluster
