#pragma once

#include "support/cluster/descriptor.hpp"
#include "support/cluster/history.hpp"

#include <string>
#include <thread>

namespace troupe::test {

/// Whom agents of all nodes pay: a socket outside of their networks. It takes
/// down who has paid what, at once; nobody can take it back.
class effect_desk {
public:
  /// `seen` outlives it.
  effect_desk(const std::string& socket, history_recorder& seen);
  ~effect_desk();
  effect_desk(const effect_desk&) = delete;
  effect_desk& operator=(const effect_desk&) = delete;

private:
  void serve();

  history_recorder& seen_;
  descriptor socket_;
  descriptor ends_;
  std::thread thread_;
};

} // namespace troupe::test
