#pragma once

#include "queue_worker.hpp"

namespace troupe::cluster {

/// What a client is told of the queue, which is null where nodes share no
/// journal. Nothing: it asks for something else.
[[nodiscard]] std::optional<client_told> answer_of_queue(queue_worker* queue,
                                                         client_asks& what);

} // namespace troupe::cluster
