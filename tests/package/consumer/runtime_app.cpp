#include <troupe/protocol/errc.hpp>

#if __has_include(<troupe/runtime/runtime.hpp>)
#include <troupe/runtime/runtime.hpp>
#endif

int main() {
  using troupe::protocol::errc;
  return troupe::protocol::to_string(errc::internal) == "internal" ? 0 : 1;
}
