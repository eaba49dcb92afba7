#include "troupe/actors/log.hpp"

#include <atomic>

namespace troupe::actors {

namespace {

std::atomic<log_sink> current_sink{nullptr};

} // namespace

void set_log_sink(log_sink sink) noexcept {
  current_sink = sink;
}

void log(log_level level, std::string_view component, std::string_view key,
         std::string_view text) noexcept {
  if (const auto sink = current_sink.load())
    sink(level, component, key, text);
}

} // namespace troupe::actors
