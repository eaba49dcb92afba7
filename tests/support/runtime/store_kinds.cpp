#include "support/runtime/store_world.hpp"

namespace troupe::test {

const std::vector<store_kind> store_kinds{store_kind::memory,
                                          store_kind::sqlite};

std::unique_ptr<actors::durable_store> open_store(const store_place& where) {
  auto opened = open_sqlite_store(where.folder + "/troupe.store");
  REQUIRE(opened);
  return std::move(*opened);
}

} // namespace troupe::test
