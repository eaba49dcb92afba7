#pragma once

#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace troupe::test {

/// A PostgreSQL server of this process: in a folder of its own that is gone in
/// the end, on a Unix socket alone, with fsync on. As root it runs as another
/// user, since it refuses root.
class postgres_server {
public:
  [[nodiscard]] static bool is_installed();

  /// The one that all tests of a program share; started by the first.
  static postgres_server& shared();

  postgres_server();
  struct standby_of {
    const postgres_server& primary;
  };
  /// One that takes over when it is told to `promote`.
  explicit postgres_server(standby_of which);
  ~postgres_server();
  postgres_server(const postgres_server&) = delete;
  postgres_server& operator=(const postgres_server&) = delete;

  [[nodiscard]] std::string conninfo() const;
  [[nodiscard]] const std::string& folder() const { return folder_; }

  /// Kills all of it at once, as `kill -9` does.
  void kill();
  void start();
  void promote();
  /// Lets it answer nothing, and go on.
  void pause();
  void go_on();

  /// What one statement gives, the first cell of each row.
  std::vector<std::string> ask(const std::string& text) const;
  std::string ask_one(const std::string& text) const;
  /// Settings that hold from now on, for the connections that there are too.
  void set(const std::string& name, const std::string& value) const;

private:
  void make_folder();
  [[nodiscard]] std::vector<pid_t> processes() const;
  void signal_all(int which) const;

  std::string folder_;
  pid_t main_ = 0;
};

} // namespace troupe::test
