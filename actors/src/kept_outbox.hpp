#pragma once

#include "commit_log.hpp"
#include "troupe/actors/state_keeper.hpp"

#include <deque>
#include <utility>

namespace troupe::actors {

/// What a state store has to say that shows commits which are not kept yet. It
/// goes out in order, each thing when all is kept that was committed before it.
/// Not thread-safe.
class kept_outbox {
public:
  /// Does what was to be done, or ends it with why not.
  using action = std::function<void(const protocol::result<void>&)>;

  explicit kept_outbox(std::shared_ptr<state_keeper> keeper)
      : keeper_(std::move(keeper)) {}

  [[nodiscard]] bool has_keeper() const noexcept { return keeper_ != nullptr; }
  [[nodiscard]] bool may_serve() const {
    return keeper_ == nullptr || keeper_->may_serve();
  }
  /// Whether all that was committed is kept: nothing needs to wait.
  [[nodiscard]] bool is_open() const noexcept {
    return last_ == kept_ && waiting_.empty();
  }
  [[nodiscard]] bool is_full() const noexcept {
    return waiting_.size() >= waiting_max;
  }
  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }

  /// It was committed, and is to be kept.
  void note(const shared_update& it) {
    if (keeper_ == nullptr)
      return;
    ++last_;
    batch_.emplace_back(it, &it->get());
  }

  void say(action it) { waiting_.push_back({last_, std::move(it)}); }

  /// Has the keeper keep what was noted, unless it is at work.
  void write(const state_keeper::told& then) {
    if (batch_.empty() || is_writing_)
      return;
    is_writing_ = true;
    written_ = last_;
    keeper_->keep(std::exchange(batch_, {}), then);
  }

  /// The batch is kept. What may go out now is done.
  void kept() {
    is_writing_ = false;
    kept_ = written_;
    const auto outcome =
        keeper_->may_serve()
            ? protocol::result<void>{}
            : protocol::fail(protocol::errc::unreachable,
                             "another node speaks for the state now");
    while (!waiting_.empty() && waiting_.front().behind <= kept_) {
      const auto next = std::move(waiting_.front());
      waiting_.pop_front();
      next.what(outcome);
    }
  }

  /// Nothing goes out any more, and nothing is kept; the keeper is let go.
  void end(const protocol::error& why) {
    keeper_ = nullptr;
    batch_.clear();
    for (auto& it : std::exchange(waiting_, {}))
      it.what(why);
  }

private:
  static constexpr std::size_t waiting_max = 100'000;

  struct held {
    std::uint64_t behind = 0; ///< Number of the commit that it waits for.
    action what;
  };

  std::shared_ptr<state_keeper> keeper_;
  std::uint64_t last_ = 0;    ///< How many were noted.
  std::uint64_t written_ = 0; ///< Of them, with the keeper.
  std::uint64_t kept_ = 0;
  bool is_writing_ = false;
  state_keeper::commits batch_;
  std::deque<held> waiting_; // bounded by waiting_max, and who follows
};

} // namespace troupe::actors
