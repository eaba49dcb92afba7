#pragma once

#include <cstdint>

namespace troupe::benchmarks {

/// Prints what calls cost, one after the other, that go to a router that
/// answers at once: as they are, and through a cascade, without a plan and with
/// one that each first answer passes by its form.
void measure_cascade_hop(std::int64_t rounds, std::int64_t calls);

} // namespace troupe::benchmarks
