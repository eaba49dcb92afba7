#include "measure.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace troupe::benchmarks {

namespace {

/// Three digits that matter.
std::string short_number(double value) {
  char text[32];
  const int digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

void print_help(std::string_view question,
                const std::vector<options::number>& numbers) {
  std::printf("%.*s\n\nOptions:\n", static_cast<int>(question.size()),
              question.data());
  for (const auto& it : numbers)
    std::printf("  --%-12s %s (%lld)\n", it.name.c_str(), it.meaning.c_str(),
                static_cast<long long>(it.value));
  std::printf("  --%-12s %s\n", "help", "this text");
}

} // namespace

spread spread_of(std::vector<double> values) {
  if (values.empty())
    return {};
  std::sort(values.begin(), values.end());
  const auto half = values.size() / 2;
  const double median = values.size() % 2 == 1
                            ? values[half]
                            : (values[half - 1] + values[half]) / 2;
  return {median, values.front(), values.back()};
}

std::string to_text(const spread& value) {
  return short_number(value.median) + " [" + short_number(value.min) + ".."
         + short_number(value.max) + "]";
}

double seconds_now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& it) {
    return static_cast<double>(it.tv_sec)
           + static_cast<double>(it.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  double pages = 0;
  file >> pages >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double resident_mib() {
  return resident_bytes() / (1 << 20);
}

double load_average() {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? load : 0;
}

void print_machine() {
  const auto now = std::time(nullptr);
  char date[32] = "";
  std::tm utc{};
  if (gmtime_r(&now, &utc) != nullptr)
    std::strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", &utc);
  std::printf("%s, %u cores, load %.1f; median [min..max]\n", date,
              std::thread::hardware_concurrency(), load_average());
  std::fflush(stdout);
}

void print_row(std::string_view what, const spread& value,
               std::string_view unit, std::string_view note) {
  std::printf(
      "%-44.*s %-24s %.*s%s%.*s\n", static_cast<int>(what.size()), what.data(),
      to_text(value).c_str(), static_cast<int>(unit.size()), unit.data(),
      note.empty() ? "" : "  ", static_cast<int>(note.size()), note.data());
  std::fflush(stdout);
}

void print_goal(std::string_view what, double value, double at_most,
                std::string_view unit) {
  std::printf("goal: %.*s %.4g of at most %.4g %.*s: %s\n",
              static_cast<int>(what.size()), what.data(), value, at_most,
              static_cast<int>(unit.size()), unit.data(),
              value <= at_most ? "met" : "MISSED");
  std::fflush(stdout);
}

options::options(int argc, char** argv, std::string_view question,
                 const std::vector<number>& numbers) {
  for (const auto& it : numbers)
    values_.emplace(it.name, it.value);
  for (int i = 1; i < argc; ++i) {
    const std::string_view word{argv[i]};
    if (word == "--help" || word == "-h") {
      print_help(question, numbers);
      std::exit(0);
    }
    const auto found = word.starts_with("--")
                           ? values_.find(std::string(word.substr(2)))
                           : values_.end();
    const std::string_view text = i + 1 < argc ? argv[++i] : "";
    std::int64_t value = 0;
    const auto read =
        std::from_chars(text.data(), text.data() + text.size(), value);
    if (found == values_.end() || text.empty() || read.ec != std::errc{}
        || read.ptr != text.data() + text.size() || value < 0) {
      std::fprintf(stderr, "bad option '%.*s'; see --help\n",
                   static_cast<int>(word.size()), word.data());
      std::exit(2);
    }
    found->second = value;
  }
}

void wrong(std::string_view what) {
  std::fprintf(stderr, "WRONG RESULT: %.*s\n", static_cast<int>(what.size()),
               what.data());
  std::fflush(nullptr);
  std::_Exit(1);
}

} // namespace troupe::benchmarks
