#include "client_queue.hpp"

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;

std::optional<client_told> answer_of_queue(queue_worker* queue,
                                           client_asks& what) {
  auto* submitted = std::get_if<ask_submit>(&what);
  if (submitted == nullptr && !std::holds_alternative<ask_queue>(what))
    return {};
  if (queue == nullptr)
    return refused{fail(errc::invalid_request,
                        "the nodes share no queue: let them keep their runs "
                        "in one database, `journal: postgresql://...`")};
  if (submitted != nullptr) {
    const auto run = queue->add(submitted->what);
    return run ? client_told{mission_queued{*run}}
               : client_told{refused{run.error()}};
  }
  auto all = queue->list();
  return all ? client_told{queue_told{std::move(*all)}}
             : client_told{refused{all.error()}};
}

} // namespace troupe::cluster
