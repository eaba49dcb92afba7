#pragma once

#include <troupe/protocol/state.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace troupe::actors {

/// A page of the entries under a key or a prefix, in byte order, as a state
/// table reads it: in steps if need be, all of which show one revision.
struct state_page {
  std::string key;
  bool is_prefix = true;
  std::string after; ///< Only keys behind this one. Moves on with each step.
  std::uint64_t revision = 0;
  std::size_t count_max = 0;
  std::size_t bytes_max = 0; ///< One entry comes in any case.

  std::vector<protocol::state_entry> entries{}; ///< Read so far.
  std::size_t bytes = 0;                        ///< Of these.
  bool has_more = false;                        ///< Behind a complete page.
};

/// The versions of a key up to one revision, newest first; read like a page.
struct state_past {
  std::string key;
  std::uint64_t before = 0; ///< Only versions below; 0: all. Moves on.
  std::uint64_t revision = 0;
  std::size_t count_max = 0;

  std::vector<protocol::state_version> versions{}; ///< Read so far.
};

} // namespace troupe::actors
