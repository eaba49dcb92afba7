#include "ready_queue.hpp"

namespace troupe::actors {

const ready_queue::entry* ready_queue::top(protocol::instant now) {
  while (!later_.empty() && later_.top().when <= now) {
    now_.push(later_.top().it);
    later_.pop();
  }
  return now_.empty() ? nullptr : &now_.top();
}

protocol::instant ready_queue::next_at() const {
  return later_.empty() ? protocol::instant{} : later_.top().when;
}

void ready_queue::clear() {
  now_ = {};
  later_ = {};
}

} // namespace troupe::actors
