#pragma once

#include <atomic>
#include <memory>
#include <string>

namespace troupe::test {

/// A database for nodes of one process: everybody who opens `url` has the same
/// store, until this object ends.
class memory_url {
public:
  memory_url();
  ~memory_url();
  memory_url(const memory_url&) = delete;
  memory_url& operator=(const memory_url&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }

  /// It cannot be reached, or can again; one that is asked says so at once.
  void set_away(bool is_away) { *is_away_ = is_away; }

private:
  std::string url_;
  std::shared_ptr<std::atomic<bool>> is_away_;
};

} // namespace troupe::test
