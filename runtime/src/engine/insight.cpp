#include "troupe/runtime/insight.hpp"

#include "engine/engine.hpp"

namespace troupe {

protocol::message_counts runtime_insight::message_counts() const {
  return of_->statistics().counts();
}

std::vector<protocol::dead_letter> runtime_insight::dead_letters() const {
  return of_->statistics().dead_letters();
}

protocol::exchange_counts runtime_insight::exchanges() const {
  return of_->exchanges().counts();
}

protocol::result<protocol::tree_node> runtime_insight::tree() const {
  return of_->tree();
}

std::vector<protocol::quarantined_message> runtime_insight::quarantine() const {
  return of_->books().quarantine->held();
}

bool runtime_insight::release(protocol::id digest) {
  return of_->books().quarantine->release(digest);
}

protocol::result<protocol::health_report> runtime_insight::health() const {
  return of_->health();
}

std::optional<protocol::error> runtime_insight::failure() const {
  return of_->faults().failure();
}

} // namespace troupe
