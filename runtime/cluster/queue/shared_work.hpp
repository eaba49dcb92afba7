#pragma once

#include "queue_worker.hpp"
#include "run_adopter.hpp"

namespace troupe::cluster {

/// What a node does for all that share its journal.
struct shared_work {
  run_adopter adopter;
  queue_worker queue;

  /// `pace`: of the adopter. `host` outlives it.
  shared_work(runtime& host, engine& at, queue_worker_config config,
              protocol::duration pace)
      : adopter(host, config.journal, pace, config.is_draining),
        queue(host, at, std::move(config)) {}
};

} // namespace troupe::cluster
