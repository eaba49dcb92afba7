#include "troupe/actors/system_config.hpp"

#include <caf/actor_system.hpp>

#include <algorithm>
#include <thread>

namespace troupe::actors {

system_config::system_config(std::size_t threads) {
  if (threads == 0)
    threads = std::max(2U, std::thread::hardware_concurrency());
  add_message_types<caf::id_block::troupe>();
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", threads);
  set("scheduler.max-throughput", std::size_t{100});
  add_error_category(caf::atom("troupe"), [](std::uint8_t code, caf::atom_value,
                                             const caf::message&) {
    return std::string(to_string(static_cast<protocol::errc>(code)));
  });
}

wall_clock make_wall_clock(caf::actor_system& system) {
  return {std::chrono::time_point_cast<protocol::duration>(
              std::chrono::system_clock::now()),
          system.clock().now()};
}

} // namespace troupe::actors
