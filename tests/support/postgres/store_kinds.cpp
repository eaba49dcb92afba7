#include "support/postgres/postgres_server.hpp"
#include "support/runtime/store_world.hpp"

#include <troupe/postgres/postgres_store.hpp>

namespace troupe::test {

const std::vector<store_kind> store_kinds{store_kind::postgres};

std::unique_ptr<actors::durable_store> open_store(const store_place& where) {
  postgres_options options;
  options.schema = "suite_" + std::to_string(where.number);
  options.has_server_time = false;
  auto opened =
      open_postgres_store(postgres_server::shared().conninfo(), options);
  if (!opened)
    FAIL(opened.error().detail);
  return std::move(*opened);
}

} // namespace troupe::test
