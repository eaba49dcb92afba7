#pragma once

#include "engine/engine_options.hpp"
#include "troupe/runtime/runtime.hpp"

namespace troupe {

class engine;

/// What tests and the simulator may that programs may not.
struct runtime_access {
  /// As `runtime::create`.
  [[nodiscard]] static protocol::result<runtime> create(runtime_config config,
                                                        engine_options options);
  [[nodiscard]] static engine& engine_of(runtime& it);
};

} // namespace troupe
