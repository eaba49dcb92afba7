#include "cli/command_line.hpp"
#include "client.hpp"

#ifdef TROUPE_HAS_POSTGRES
#include <troupe/postgres/postgres_store.hpp>
#endif

int main(int count, char** words) {
#ifdef TROUPE_HAS_POSTGRES
  troupe::postgres::install();
#endif
  return troupe::cli::run_command_line(count, words,
                                       troupe::cluster::connect_client);
}
