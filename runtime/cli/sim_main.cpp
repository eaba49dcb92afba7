#include <troupe/testing/simulation.hpp>

#include <iostream>

int main(int count, char** arguments) {
  return troupe::testing::simulation_command(count, arguments, std::cout,
                                             std::cerr);
}
