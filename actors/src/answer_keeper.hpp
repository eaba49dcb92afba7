#pragma once

#include "answer_table.hpp"
#include "troupe/actors/caf_types.hpp"

#include <caf/typed_actor.hpp>

namespace troupe::actors {

struct find_answer {
  answer_key_ptr key;
  protocol::instant now;
};

/// Answers `find_answer`.
struct answer_found {
  kept_answer_ptr what; ///< Null: there is none.
  std::string failure;  ///< Why the store could not tell; empty: it could.
};

struct put_answer {
  answer_key_ptr key;
  kept_answer_ptr what;
  protocol::instant now;
};

/// Answers `put_answer`.
struct answer_put {
  std::string failure; ///< Empty: it is kept.
};

/// No more is asked.
struct end_of_answers {};

/// Has an `answer_store`, on a thread of its own.
using answer_keeper_actor =
    caf::typed_actor<caf::replies_to<find_answer>::with<answer_found>,
                     caf::replies_to<put_answer>::with<answer_put>,
                     caf::reacts_to<end_of_answers>>;

[[nodiscard]] answer_keeper_actor
spawn_answer_keeper(caf::actor_system& system,
                    const std::shared_ptr<answer_store>& store);

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::find_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::answer_found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::put_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::answer_put)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::end_of_answers)
