#pragma once

#include "support/cluster/descriptor.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace troupe::test {

/// Lines over a socket that does not block. Thread safety: one thread.
class line_talk {
public:
  using ms = std::chrono::milliseconds;

  explicit line_talk(descriptor socket) : socket_{std::move(socket)} {}

  [[nodiscard]] bool is_open() const noexcept { return socket_.get() >= 0; }

  /// False when the other side has gone.
  bool send(const std::string& line);
  /// Without its line end; none in time, or no more at all: see `has_ended`.
  [[nodiscard]] std::optional<std::string> receive(ms within);
  [[nodiscard]] std::optional<std::string> ask(const std::string& line,
                                               ms within);
  /// The other side has closed or reset it, as `receive` has found.
  [[nodiscard]] bool has_ended() const noexcept { return has_ended_; }
  [[nodiscard]] int get() const noexcept { return socket_.get(); }

private:
  descriptor socket_;
  std::string bytes_;
  bool has_ended_ = false;
};

} // namespace troupe::test
