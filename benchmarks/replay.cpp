#include "replay.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <string_view>

namespace troupe::benchmarks {

namespace {

const std::string data = TROUPE_SHARED_DATA_DIR;

duration compressed(std::int64_t nanoseconds, std::int64_t compression) {
  return duration{nanoseconds / compression * 100};
}

/// `2023-11-16 18:17:03.9799600`, in nanoseconds of its day.
std::int64_t time_of_day(std::string_view text) {
  const auto number = [&](std::size_t from, std::size_t count) {
    std::int64_t value = 0;
    const auto part = text.substr(std::min(from, text.size()), count);
    std::from_chars(part.data(), part.data() + part.size(), value);
    return value;
  };
  const auto seconds =
      (number(11, 2) * 60 + number(14, 2)) * 60 + number(17, 2);
  return seconds * 1'000'000'000 + number(20, 7) * 100;
}

std::uint32_t number_of(std::string_view text) {
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void sort_by_time(std::vector<recorded>& calls) {
  std::stable_sort(calls.begin(), calls.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
}

} // namespace

std::vector<recorded> read_azure(std::int64_t compression) {
  std::vector<recorded> calls;
  for (const auto* name : {"conv", "code"}) {
    std::ifstream file{data + "/azure-llm-2023/" + name + ".csv"};
    std::string line;
    std::int64_t first = -1;
    std::getline(file, line);
    while (std::getline(file, line)) {
      const auto one = line.find(',');
      const auto two = line.find(',', one + 1);
      if (two == std::string::npos)
        continue;
      const auto at = time_of_day(line);
      first = first < 0 ? at : first;
      recorded call;
      call.at = trace_start + compressed(at - first, compression);
      call.input = number_of(std::string_view{line}.substr(one + 1));
      call.output = number_of(std::string_view{line}.substr(two + 1));
      calls.push_back(std::move(call));
    }
  }
  sort_by_time(calls);
  return calls;
}

std::vector<recorded> read_mooncake(const std::string& name,
                                    std::int64_t compression) {
  std::vector<recorded> calls;
  std::ifstream file{data + "/mooncake/" + name + ".jsonl"};
  std::string line;
  while (std::getline(file, line)) {
    boost::system::error_code failed;
    const auto value = boost::json::parse(line, failed);
    if (failed || !value.is_object())
      continue;
    const auto number = [&](const char* field) {
      return value.at(field).to_number<std::int64_t>();
    };
    recorded call;
    call.at =
        trace_start + compressed(number("timestamp") * 1'000'000, compression);
    call.input = static_cast<std::uint32_t>(number("input_length"));
    call.output = static_cast<std::uint32_t>(number("output_length"));
    for (const auto& block : value.at("hash_ids").as_array())
      call.blocks.push_back(block.to_number<std::uint32_t>());
    calls.push_back(std::move(call));
  }
  sort_by_time(calls);
  return calls;
}

std::optional<duration> simulated_key::refuse(const recorded& call,
                                              instant now) {
  const auto minutes =
      std::chrono::duration<double, std::ratio<60>>{now - filled_}.count();
  filled_ = now;
  const auto fill = [&](double& level, double limit) {
    level = std::min(limit, level + limit * minutes);
  };
  fill(requests_, limits_.requests);
  fill(input_, limits_.input);
  fill(output_, limits_.output);
  double wait = 0; // minutes
  wait = std::max(wait, (1 - requests_) / limits_.requests);
  wait = std::max(wait, (std::min<double>(call.input, limits_.input) - input_)
                            / limits_.input);
  wait = std::max(wait, -output_ / limits_.output);
  if (open_ >= limits_.open)
    wait = std::max(wait, 1.0 / 60);
  if (wait > 0)
    return std::chrono::seconds{
        static_cast<std::int64_t>(std::ceil(wait * 60))};
  requests_ -= 1;
  input_ -= call.input;
  ++open_;
  return std::nullopt;
}

duration simulated_key::time_of(const recorded& call) {
  return std::chrono::milliseconds{300}
         + std::chrono::microseconds{call.input * 50}
         + std::chrono::microseconds{std::int64_t{call.output} * 16'667};
}

} // namespace troupe::benchmarks
