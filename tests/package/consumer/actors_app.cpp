#include <troupe/actors/caf_types.hpp>

#include <caf/all.hpp>

// Who links troupe::actors gets CAF, and troupe's messages in it.
int main() {
  caf::actor_system_config config;
  caf::actor_system system{config};
  troupe::protocol::error failure;
  return failure.code == troupe::protocol::errc::internal ? 0 : 1;
}
