#include "daemon.hpp"

int main(int count, char** words) {
  return troupe::cluster::run_daemon(count, words);
}
