// Tests the store on PostgreSQL where a server is installed.
#include "support/postgres/postgres_server.hpp"

#include <cstdio>
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

int main(int argc, char** argv) {
  if (!troupe::test::postgres_server::is_installed()) {
    std::puts("skipped: no PostgreSQL server is installed (Debian: "
              "postgresql)");
    return 77;
  }
  return Catch::Session().run(argc, argv);
}
