#include "cli/command_line.hpp"
#include "client.hpp"

int main(int count, char** words) {
  return troupe::cli::run_command_line(count, words,
                                       troupe::cluster::connect_client);
}
