#include "deadline_table.hpp"

namespace troupe::actors {

deadline_table::key deadline_table::add(time_point due,
                                        std::function<void()> give_up) {
  const key which{due, ++next_};
  open_.emplace(which, std::move(give_up));
  return which;
}

void deadline_table::give_up_until(time_point now) {
  while (!open_.empty() && open_.begin()->first.first <= now) {
    // Taken out first: giving up may add or remove entries.
    auto entry = open_.extract(open_.begin());
    entry.mapped()();
  }
}

} // namespace troupe::actors
