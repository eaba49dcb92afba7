#pragma once

#include <troupe/runtime/mission_run.hpp>

#include <optional>
#include <string>

namespace troupe::cli {

/// A run that a command shows, of this process or of a node. As `mission_run`.
class followed_run {
public:
  followed_run() = default;
  followed_run(const followed_run&) = delete;
  followed_run& operator=(const followed_run&) = delete;
  virtual ~followed_run() = default;

  [[nodiscard]] virtual std::optional<protocol::run_event>
  next_event(std::chrono::milliseconds patience) = 0;
  [[nodiscard]] virtual bool is_finished() = 0;
  /// Any thread.
  virtual void cancel(std::string reason) = 0;
  virtual void leave() = 0;
  virtual protocol::result<void> decide(const std::string& task, bool is_yes,
                                        const std::string& by,
                                        const std::string& note) = 0;
  /// Errors: `unreachable` when its node was lost.
  [[nodiscard]] virtual protocol::result<protocol::run_report> wait() = 0;
};

/// A run of this process.
class own_run final : public followed_run {
public:
  explicit own_run(mission_run it) : it_(std::move(it)) {}

  std::optional<protocol::run_event>
  next_event(std::chrono::milliseconds patience) override {
    return it_.next_event(patience);
  }
  bool is_finished() override { return it_.is_finished(); }
  void cancel(std::string reason) override { it_.cancel(std::move(reason)); }
  void leave() override { it_.leave(); }
  protocol::result<void> decide(const std::string& task, bool is_yes,
                                const std::string& by,
                                const std::string& note) override {
    return it_.decide(task, is_yes, by, note);
  }
  protocol::result<protocol::run_report> wait() override { return it_.wait(); }

private:
  mission_run it_;
};

} // namespace troupe::cli
