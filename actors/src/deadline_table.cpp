#include "deadline_table.hpp"

namespace troupe::actors {

message_count outcome_of(const caf::error& failure) {
  switch (from_caf(failure).code) {
  case protocol::errc::deadline_exceeded:
    return message_count::timed_out;
  case protocol::errc::cancelled:
    return message_count::cancelled;
  case protocol::errc::unreachable:
    return message_count::unreachable;
  default:
    return message_count::failed;
  }
}

deadline_table::~deadline_table() {
  for (; requests_open_ > 0; --requests_open_)
    counts_->add(message_count::cancelled);
}

deadline_table::key deadline_table::add(time_point due,
                                        std::function<void()> give_up) {
  const key which{due, ++next_};
  open_.emplace(which, std::move(give_up));
  return which;
}

deadline_table::key deadline_table::add_request(time_point due,
                                                message_statistics& counts,
                                                std::function<void()> give_up) {
  counts_ = &counts;
  counts.add(message_count::requests);
  ++requests_open_;
  return add(due, [this, give_up = std::move(give_up)] {
    --requests_open_;
    counts_->add(message_count::timed_out);
    give_up();
  });
}

bool deadline_table::take_answer(const key& which, const caf::error* failure) {
  if (!remove(which)) {
    counts_->add(message_count::late);
    return false;
  }
  --requests_open_;
  counts_->add(failure == nullptr ? message_count::answered
                                  : outcome_of(*failure));
  return true;
}

void deadline_table::give_up_until(time_point now) {
  while (!open_.empty() && open_.begin()->first.first <= now) {
    // Taken out first: giving up may add or remove entries.
    auto entry = open_.extract(open_.begin());
    entry.mapped()();
  }
}

} // namespace troupe::actors
