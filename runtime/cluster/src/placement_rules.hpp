#pragma once

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace troupe::cluster {

/// Where a task goes whose agent several nodes have.
enum class placement : std::uint8_t {
  balanced,    ///< To the least loaded; of equals, to this node.
  local_first, ///< To this node, until that has all that it does well.
  sticky, ///< Of those that are nearly equal, always the same for a key: what a
          ///< model there has in its prompt cache is of use again.
};
BOOST_DESCRIBE_ENUM(placement, balanced, local_first, sticky)

/// By its name; nothing: it has none such.
[[nodiscard]] std::optional<placement>
placement_of(std::string_view name) noexcept;

/// A node that has the agent.
struct place_load {
  bool is_here = false;
  bool is_usable = true;      ///< Up, not draining, not tried already.
  std::uint32_t capacity = 1; ///< Tasks that it does well at one time.
  std::uint32_t busy = 0;     ///< Tasks under way, whoever asked for them.
  std::uint64_t affinity = 0; ///< `affinity_of` the key and the node.
};

/// The index of the best place; nothing: there is none. Pure.
[[nodiscard]] std::optional<std::size_t>
choose_place(std::span<const place_load> all, placement how);

/// Rendezvous hashing (D. Thaler, C. Ravishankar, "Using name-based mappings to
/// increase hit rates", IEEE/ACM ToN 1998): the place with the highest value is
/// the key's, and stays so when others come and go.
[[nodiscard]] std::uint64_t affinity_of(std::string_view key,
                                        std::string_view node) noexcept;

} // namespace troupe::cluster
