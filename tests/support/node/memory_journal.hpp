#pragma once

#include <troupe/actors/durable_store.hpp>

#include <memory>
#include <string>

/// A journal that several nodes of one process share, as others do a database.
namespace troupe::test {

/// A store in memory; each call of `open` is a connection of its own.
class memory_journal {
public:
  memory_journal();
  ~memory_journal();
  memory_journal(const memory_journal&) = delete;
  memory_journal& operator=(const memory_journal&) = delete;

  /// For `runtime_config::journal`, while this lives.
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] std::shared_ptr<actors::durable_store> open() const;

private:
  struct kept;
  std::shared_ptr<kept> kept_;
  std::string url_;
};

} // namespace troupe::test
