#include "troupe/protocol/model.hpp"

namespace troupe::protocol {

namespace {

// Counts come from providers: a wild figure must not wrap to a small bill.
std::uint64_t saturated_sum(std::uint64_t a, std::uint64_t b) noexcept {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

} // namespace

usage& usage::operator+=(const usage& other) noexcept {
  input = saturated_sum(input, other.input);
  cache_read = saturated_sum(cache_read, other.cache_read);
  cache_write = saturated_sum(cache_write, other.cache_write);
  cache_write_1h = saturated_sum(cache_write_1h, other.cache_write_1h);
  output = saturated_sum(output, other.output);
  reasoning = saturated_sum(reasoning, other.reasoning);
  if (other.source == usage_source::estimated)
    source = usage_source::estimated;
  return *this;
}

std::string text_of(const std::vector<content_part>& content) {
  std::string text;
  for (const auto& part : content)
    if (const auto* piece = std::get_if<text_part>(&part))
      text += piece->text;
  return text;
}

} // namespace troupe::protocol
