#include "answer_keeper.hpp"

#include "troupe/actors/driving.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

answer_keeper_actor
spawn_answer_keeper(caf::actor_system& system,
                    const std::shared_ptr<answer_store>& store) {
  const auto code = [store](answer_keeper_actor::pointer self)
      -> answer_keeper_actor::behavior_type {
    return {
        [store](const find_answer& ask) {
          auto found = store->find(*ask.key, ask.now);
          if (!found)
            return answer_found{nullptr, found.error().detail};
          if (!*found)
            return answer_found{};
          return answer_found{
              std::make_shared<const kept_answer>(std::move(**found)), {}};
        },
        [store](const put_answer& ask) {
          const auto kept = store->put(*ask.key, *ask.what, ask.now);
          return answer_put{kept ? std::string{} : kept.error().detail};
        },
        [self](end_of_answers) { self->quit(); },
    };
  };
  return spawn_apart(system, code);
}

} // namespace troupe::actors
