#pragma once

#include <string>

namespace troupe::cluster {

/// Tells others that a node is ready: by a file that holds its address, which
/// is there for as long as this object lives, and to systemd, by the socket
/// that `NOTIFY_SOCKET` names (sd_notify(3)).
class readiness {
public:
  /// `file` may be empty.
  readiness(std::string file, const std::string& address);
  ~readiness();
  readiness(const readiness&) = delete;
  readiness& operator=(const readiness&) = delete;

  /// Why the file could not be made; empty: it was.
  [[nodiscard]] const std::string& problem() const { return problem_; }

  /// The node is about to stop.
  void stopping() const;

private:
  std::string file_;
  std::string problem_;
};

} // namespace troupe::cluster
