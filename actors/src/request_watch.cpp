#include "troupe/actors/request_watch.hpp"

#include "receiver_watch.hpp"

namespace troupe::actors {

request_watch::request_watch(caf::actor_control_block* asker,
                             caf::message_id response,
                             caf::actor_control_block* receiver)
    : watch_(std::make_unique<receiver_watch>(asker, response)) {
  watch_->request_sent(receiver);
}

request_watch::~request_watch() = default;

} // namespace troupe::actors
