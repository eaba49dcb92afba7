#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace troupe::benchmarks {

/// What one pass over a connection has given.
struct link_pass {
  double rate_1 = 0;
  double p50_us = 0;
  double p99_us = 0;
  double rate_100 = 0;
  double rate_1000 = 0;
  double one_way = 0;
};

/// Certificates of two nodes, in a folder that goes with this object.
class certificates {
public:
  certificates();
  ~certificates();
  certificates(const certificates&) = delete;
  certificates& operator=(const certificates&) = delete;
  [[nodiscard]] const std::string& folder() const { return folder_; }

private:
  std::string folder_;
};

/// This program again, as the other side: it prints a line with its port and
/// lives until it is destroyed.
class other_side {
public:
  other_side(const std::string& kind, const std::string& folder);
  ~other_side();
  other_side(const other_side&) = delete;
  other_side& operator=(const other_side&) = delete;
  [[nodiscard]] const std::string& address() const { return address_; }

private:
  pid_t pid_ = 0;
  std::string address_;
};

/// The other side's program. `kind`: `bare` or `node`.
int serve_link(const std::string& kind, const std::string& folder);
int serve_node(const std::string& folder);
[[noreturn]] void stay(const std::string& address);

/// Without a folder: without certificates.
[[nodiscard]] link_pass measure_node(const std::string& folder,
                                     std::size_t requests);

/// Latencies of requests that come at a fixed rate, whether the ones before
/// were answered or not. Each is counted from when it should have been sent, so
/// that a pause is seen by all who would have come in it.
struct load_pass {
  double capacity = 0; ///< Requests a second, 1,000 at a time.
  struct offered {
    int percent = 0; ///< Of the capacity.
    double p50_us = 0;
    double p99_us = 0;
    double max_us = 0;
  };
  std::vector<offered> at;
};
[[nodiscard]] load_pass measure_load(const std::string& folder,
                                     const std::vector<int>& percents,
                                     double seconds);

/// Fills a pass: `ask(count, at_once)` returns microseconds of each, `tell` has
/// so many one-way messages arrive and returns the seconds that took.
[[nodiscard]] link_pass measure_pass(
    const std::function<std::vector<double>(std::size_t, std::size_t)>& ask,
    const std::function<double(std::size_t)>& tell, std::size_t requests);

inline constexpr std::size_t asked_bytes = 200;
inline constexpr std::size_t answered_bytes = 40;

} // namespace troupe::benchmarks
