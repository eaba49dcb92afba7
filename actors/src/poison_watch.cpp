#include "poison_watch.hpp"

namespace troupe::actors {

using namespace protocol;

result<task_result> call_watched(const task_code& code, const task_work& work,
                                 quarantine_book* book,
                                 const std::string& agent,
                                 const wall_clock& clock,
                                 caf::actor_clock::time_point now) {
  if (book == nullptr)
    return call_task_code(code, work);
  if (const auto may = book->admit(work.asked.body); !may)
    return may.error();
  bool has_thrown = false;
  auto outcome = call_task_code(code, work, &has_thrown);
  if (has_thrown) {
    if (const auto noted = book->crashed(work.asked.body, agent,
                                         outcome.error().detail, clock.at(now));
        !noted)
      return noted.error();
  } else if (outcome) {
    book->went_well(work.asked.body);
  }
  return outcome;
}

result<task_result> note_lost_code(result<task_result> outcome,
                                   const task_work& work, quarantine_book& book,
                                   const std::string& agent, instant now) {
  if (outcome || outcome.error().code == errc::cancelled
      || outcome.error().code == errc::deadline_exceeded)
    return outcome;
  if (const auto noted =
          book.crashed(work.asked.body, agent, outcome.error().detail, now);
      !noted)
    return noted.error();
  return outcome;
}

} // namespace troupe::actors
