#include "troupe/actors/child_snapshots.hpp"

#include "supervisor_talk.hpp"

#include <caf/all.hpp>

#include <utility>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::result;

std::optional<std::string> child_snapshots::begin(std::uint64_t incarnation) {
  const std::lock_guard lock{mutex_};
  incarnation_ = incarnation;
  has_begun_with_it_ = last_.has_value();
  return last_;
}

result<void> child_snapshots::save(std::uint64_t incarnation,
                                   std::string bytes) {
  const std::lock_guard lock{mutex_};
  if (incarnation < incarnation_)
    return fail(errc::outdated_incarnation, "the child was started again");
  if (bytes.size() > limits_.bytes_max)
    return fail(errc::limit_exceeded, "a snapshot has "
                                          + std::to_string(limits_.bytes_max)
                                          + " bytes at most");
  last_ = std::move(bytes);
  crashes_ = 0;
  has_begun_with_it_ = false;
  return {};
}

void child_snapshots::ended(std::uint64_t incarnation, bool has_crashed) {
  const std::lock_guard lock{mutex_};
  if (incarnation != incarnation_ || !has_crashed || !has_begun_with_it_)
    return;
  has_begun_with_it_ = false;
  if (++crashes_ < limits_.crashes)
    return;
  set_aside_ = std::exchange(last_, std::nullopt);
  crashes_ = 0;
  ++aside_count_;
}

std::optional<std::string> child_snapshots::set_aside() const {
  const std::lock_guard lock{mutex_};
  return set_aside_;
}

std::string child_snapshots::remark() const {
  const std::lock_guard lock{mutex_};
  std::string text =
      last_ ? "snapshot of " + std::to_string(last_->size()) + " bytes"
            : std::string{"no snapshot"};
  if (crashes_ > 0)
    text += ", " + std::to_string(crashes_)
            + (crashes_ == 1 ? " crash with it" : " crashes with it");
  if (aside_count_ > 0)
    text += ", " + std::to_string(aside_count_) + " set aside";
  return text;
}

child_spec with_snapshots(child_spec spec,
                          const std::shared_ptr<child_snapshots>& kept,
                          snapshot_start start) {
  spec.start = [kept, start = std::move(start)](
                   caf::actor_system& system,
                   std::uint64_t incarnation) -> result<caf::actor> {
    result<caf::actor> born = fail(errc::internal, "it was not started");
    try {
      born = start(system, incarnation, kept->begin(incarnation));
    } catch (...) {
      kept->ended(incarnation, true);
      throw; // the supervisor takes it for a failure
    }
    if (!born || !*born)
      kept->ended(incarnation, true);
    else
      (*born)->attach_functor([kept, incarnation](const caf::error& why) {
        const auto how = end_of(why);
        kept->ended(incarnation,
                    how == child_end::abnormal || how == child_end::killed);
      });
    return born;
  };
  spec.remark = [kept] {
    return kept->remark();
  };
  return spec;
}

} // namespace troupe::actors
