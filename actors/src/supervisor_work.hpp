#pragma once

#include "supervised_children.hpp"

namespace troupe::actors {

/// Something that a supervisor is to look at when it has done what it does.
struct supervisor_wish {
  enum class kind { decide, retry, replace, add, terminate, restart, remove };

  kind what;
  child_life who{};
  std::uint64_t request = 0; ///< 0: nobody waits for an answer.
  child_rule rule{};         ///< Or its id only.
};

/// What a supervisor does at a time: stops some children, then starts some.
struct supervisor_work {
  enum class aim {
    open,
    add,
    again,
    restart,
    put_off,
    replace,
    terminate,
    end
  };

  aim what;
  std::uint64_t child = 0;
  std::uint64_t request = 0;
  supervised_children::numbers to_stop{}; ///< From the back.
  supervised_children::numbers scope{};   ///< Whom a restart concerns.
  supervised_children::numbers to_start{};
  std::size_t next = 0;    ///< Of `to_start`.
  bool is_planned = false; ///< Who is to be started is known.
  bool was_ignored = false;
};

} // namespace troupe::actors
