#include "engine/log_binding.hpp"

#include <troupe/actors/log.hpp>

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>

namespace troupe {

namespace {

std::mutex logger_mutex;
std::shared_ptr<spdlog::logger> logger;

spdlog::level::level_enum to_spdlog(log_level level) {
  switch (level) {
  case log_level::debug:
    return spdlog::level::debug;
  case log_level::info:
    return spdlog::level::info;
  case log_level::warn:
    return spdlog::level::warn;
  case log_level::error:
    return spdlog::level::err;
  case log_level::off:
    return spdlog::level::off;
  }
  return spdlog::level::off;
}

void write(actors::log_level level, std::string_view component,
           std::string_view key, std::string_view text) {
  std::shared_ptr<spdlog::logger> target;
  {
    const std::lock_guard lock{logger_mutex};
    target = logger;
  }
  if (target)
    target->log(to_spdlog(static_cast<log_level>(level)), "{} {} {}", component,
                key, text);
}

} // namespace

protocol::result<void> bind_log(const log_config& config) {
  std::shared_ptr<spdlog::logger> made;
  try {
    if (config.file.empty())
      made = std::make_shared<spdlog::logger>(
          "troupe", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    else
      made = std::make_shared<spdlog::logger>(
          "troupe",
          std::make_shared<spdlog::sinks::basic_file_sink_mt>(config.file));
  } catch (const spdlog::spdlog_ex&) {
    return protocol::fail(protocol::errc::file_unreadable,
                          "log.file: cannot open '" + config.file + "'");
  }
  made->set_level(to_spdlog(config.level));
  made->flush_on(spdlog::level::warn);
  {
    const std::lock_guard lock{logger_mutex};
    logger = std::move(made);
  }
  actors::set_log_sink(&write);
  return {};
}

} // namespace troupe
