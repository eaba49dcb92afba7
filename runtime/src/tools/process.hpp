#pragma once

#include "tools/keeper.hpp"
#include "tools/memory_group.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::tools {

/// A program and how it is called.
struct process_plan {
  std::string file;                     ///< Its path.
  std::vector<std::string> arguments;   ///< The first is its name.
  std::vector<std::string> environment; ///< All of it, as `NAME=value`.
  std::string folder;                   ///< To work in; empty: this one's.
  process_limits limits;
  std::size_t output_bytes = 64U << 10U;
  bool may_gain_privileges = false; ///< As in `keeper_plan`.
  std::optional<memory_group> group{};
};

enum class process_end : std::uint8_t {
  exited,          ///< `code` is its own.
  signalled,       ///< `code` is the signal.
  not_started,     ///< `code` is the system's error.
  cancelled,       ///< By the token.
  out_of_time,     ///< `due` came.
  output_exceeded, ///< It said more than it may.
  crowded,         ///< It had too many processes.
  lost,            ///< Its keeper was ended by somebody else.
};

struct process_outcome {
  process_end how = process_end::lost;
  int code = 0;
  std::string output;     ///< At most `output_bytes`; any bytes.
  std::string complaints; ///< The last 2 KiB of its standard error.
};

/// Runs a program, gives it `input` and waits for its end. When it returns, the
/// program and all that it has started are gone, also those that left its
/// group. A program that does not read, does not stop or never ends changes
/// nothing. A stop ends it at once, and so does the death of this process.
/// Blocking: until `due` and at most three seconds more.
/// Thread safety: any thread; many at one time.
[[nodiscard]] process_outcome
run_process(const process_plan& plan, std::string_view input,
            std::chrono::steady_clock::time_point due,
            const std::stop_token& stop);

} // namespace troupe::tools
