#include "cli/command_line.hpp"

int main(int count, char** words) {
  return troupe::cli::run_command_line(count, words);
}
