#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

/// What each target defines: libFuzzer calls it, and so does the replay.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size);

namespace troupe::fuzz {

/// Ends the process when a decoder breaks its contract: a finding.
inline void expect(bool holds, const char* what) {
  if (holds)
    return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

} // namespace troupe::fuzz
