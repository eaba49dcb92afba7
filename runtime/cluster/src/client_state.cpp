#include "client_state.hpp"

namespace troupe::cluster {

using protocol::result;

result<cli::state_answer> answer_of_state(runtime& host,
                                          const cli::state_question& what) {
  const auto state = host.state();
  const auto told = [](const auto& it) {
    return it ? result<cli::state_answer>{*it} : it.error();
  };
  if (const auto* write = std::get_if<protocol::write_state>(&what))
    return told(
        state.as(write->writer, write->incarnation).write(write->changes));
  if (const auto* list = std::get_if<protocol::list_state>(&what))
    return told(state.list(*list));
  return told(state.read(std::get<protocol::read_state>(what).key));
}

} // namespace troupe::cluster
