#include <troupe/protocol/errc.hpp>

int main() {
  using troupe::protocol::errc;
  const auto name = troupe::protocol::to_string(errc::budget_exhausted);
  return name == "budget_exhausted" ? 0 : 1;
}
