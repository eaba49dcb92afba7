#pragma once

#include "troupe/actors/store_rules.hpp"

#include <memory>

namespace troupe::actors {

/// A store that is gone with the process, for tests and for programs that need
/// no more; what it does says what every other must do. It grows until
/// `forget` is called. Blocking: never.
[[nodiscard]] std::unique_ptr<durable_store>
make_memory_store(const store_capabilities& allowed = usual_store);

} // namespace troupe::actors
