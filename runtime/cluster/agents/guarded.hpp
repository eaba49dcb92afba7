#pragma once

#include <troupe/protocol/result.hpp>

#include <exception>
#include <string>

namespace troupe::cluster {

/// What a program's code answers; what it throws is an error. Errors:
/// `agent_failed`; those of the code.
template <class Code>
auto guarded(Code&& code) -> decltype(code()) {
  using protocol::errc;
  constexpr std::size_t what_bytes = 300;
  try {
    return code();
  } catch (const std::exception& thrown) {
    return protocol::fail(errc::agent_failed,
                          std::string{thrown.what()}.substr(0, what_bytes));
  } catch (...) {
    return protocol::fail(errc::agent_failed,
                          "its code has thrown what is no std::exception");
  }
}

} // namespace troupe::cluster
