#pragma once

#include <troupe/actors/budget_manager.hpp>

#include <string>

namespace troupe::cluster {

/// Asks a BUDGET FRONT to answer when all that was said to it of calls that an
/// account's run pays has arrived at the run's home.
struct settle_up {
  std::string account;
};
struct settled_up {};

using budget_front_actor =
    actors::budget_actor::extend<caf::replies_to<settle_up>::with<settled_up>>;

} // namespace troupe::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::settle_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::settled_up)
