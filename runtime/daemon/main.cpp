#include "daemon.hpp"

#ifdef TROUPE_HAS_POSTGRES
#include <troupe/postgres/postgres_store.hpp>
#endif

int main(int count, char** words) {
#ifdef TROUPE_HAS_POSTGRES
  troupe::postgres::install();
#endif
  return troupe::cluster::run_daemon(count, words);
}
