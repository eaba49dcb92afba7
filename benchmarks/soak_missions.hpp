#pragma once

#include <troupe/runtime/runtime.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

/// The work of the benchmark `soak`.
namespace troupe::benchmarks {

/// What was done, and how runs have ended.
struct soak_counts {
  std::atomic<std::uint64_t> runs = 0;
  std::atomic<std::uint64_t> done = 0;
  std::atomic<std::uint64_t> failed = 0; ///< Where that is to be expected.
  std::atomic<std::uint64_t> cancelled = 0;
  std::atomic<std::uint64_t> resumed = 0;
  std::atomic<std::uint64_t> refused = 0; ///< `overloaded`.
  std::atomic<std::uint64_t> tasks = 0;
  std::atomic<std::uint64_t> faults = 0; ///< Throws, deaths, refused tools.
  std::atomic<std::uint64_t> others = 0; ///< Of state and topics.
  std::atomic<std::uint64_t> wrong = 0;  ///< Not as it should.

  /// Counts something that went wrong, and keeps the first of them.
  void tell(std::string what);
  [[nodiscard]] std::vector<std::string> told() const;

private:
  mutable std::mutex mutex_;
  std::vector<std::string> told_;
};

[[nodiscard]] std::string to_text(const soak_counts& it);

/// In a process that was started for an agent: does its work.
[[nodiscard]] std::optional<int> soak_agents();

/// A runtime with a journal in `folder`, agents of each kind and tools. Ends
/// the process when it cannot be had.
[[nodiscard]] runtime soak_runtime(const std::filesystem::path& folder);

/// Does one thing after the other, as a seed says. Used by one thread.
class soak_driver {
public:
  soak_driver(runtime& host, std::uint64_t seed, soak_counts& counts)
      : host_(host), random_(seed), counts_(counts) {}

  /// A mission from start to end, or some messages beside them. Blocking: as
  /// long as they take.
  void step();

private:
  /// What is done to a run while it is under way.
  enum class meddling { none, cancel, pause, leave };

  [[nodiscard]] std::uint64_t below(std::uint64_t most) {
    return random_() % most;
  }
  [[nodiscard]] protocol::mission next_mission();
  void run_one();
  void write_and_tell();
  void count(const protocol::run_report& report, meddling how);
  [[nodiscard]] bool is_as_expected(const protocol::run_report& report,
                                    meddling how) const;

  runtime& host_;
  std::mt19937_64 random_;
  soak_counts& counts_;
};

} // namespace troupe::benchmarks
