// The part of store_journal that keeps how long tasks take.
#include "journal/digest.hpp"
#include "journal/journal_times.hpp"
#include "journal/record_chain.hpp"
#include "journal/store_journal.hpp"

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

std::string times_key(const std::string& mission) {
  return "times/" + sha256(mission);
}

result<std::vector<actors::task_time>>
store_journal::times(const std::string& mission) {
  const std::vector<std::string> keys{times_key(mission)};
  const auto found = store_->get(keys);
  if (!found)
    return fail(errc::journal_failed, found.error().detail);
  if (found->front().revision == 0)
    return std::vector<actors::task_time>{};
  return from_text<std::vector<actors::task_time>>(
      found->front().value, "the times of mission '" + mission + "'");
}

result<void>
store_journal::keep_times(const std::string& mission,
                          const std::vector<actors::task_time>& times) {
  actors::store_txn txn;
  txn.id = ids_.next(now_());
  txn.ops.emplace_back(actors::put_value{times_key(mission), text_of(times)});
  const auto done = commit(txn);
  if (done.outcome != actors::commit_outcome::committed)
    return fail(errc::journal_failed, done.why.detail);
  return {};
}

} // namespace troupe
