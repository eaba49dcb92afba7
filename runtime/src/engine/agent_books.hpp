#pragma once

#include <troupe/actors/agent.hpp>
#include <troupe/actors/health_book.hpp>
#include <troupe/actors/incarnation_book.hpp>
#include <troupe/actors/journal.hpp>
#include <troupe/actors/quarantine_book.hpp>
#include <troupe/actors/stand_in_book.hpp>

#include <functional>
#include <memory>

namespace troupe {

/// What is known of all agents of a runtime, whichever part is started again.
struct agent_books {
  std::shared_ptr<actors::quarantine_book> quarantine; ///< From the start on.
  std::shared_ptr<actors::incarnation_book> lives =
      std::make_shared<actors::incarnation_book>();
  std::shared_ptr<actors::health_book> health; ///< Null: nobody looks.
  actors::journal_actor journal; ///< Of what they do; null: it is not kept.
  std::shared_ptr<actors::stand_in_book> stand_ins =
      std::make_shared<actors::stand_in_book>();
};

/// Makes a life of an agent, of that incarnation.
using agent_maker = std::function<actors::agent_actor(std::uint64_t)>;

} // namespace troupe
