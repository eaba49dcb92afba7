#pragma once

#include "engine/run_channel.hpp"
#include "journal/wish_file.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <functional>

namespace troupe {

/// Does what other processes wish of the runs of this one, as if it had been
/// asked here. Looks four times a second, on a thread of its own, while there
/// are runs. Thread safety: any thread.
class wish_watch {
public:
  using clock = std::function<protocol::instant()>;

  /// Beside that journal, which this process has to itself.
  wish_watch(caf::actor_system& system, std::string journal, clock now);
  ~wish_watch();
  wish_watch(const wish_watch&) = delete;
  wish_watch& operator=(const wish_watch&) = delete;

  /// From now on wishes for it are heard. Where the file of wishes cannot be
  /// had, none is, and a line of the log says so. Blocking: some milliseconds.
  void add(std::shared_ptr<mission_run::shared_state> run);

  /// Behind the last run: tells what has come of all.
  void close();

  struct desk;

private:
  std::shared_ptr<desk> desk_;
  caf::actor looker_;
};

} // namespace troupe
