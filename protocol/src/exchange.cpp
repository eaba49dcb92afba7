#include "troupe/protocol/exchange.hpp"

#include "troupe/protocol/json.hpp"

#include <boost/json/serialize.hpp>

namespace troupe::protocol {

namespace {

constexpr auto format_name = "troupe model exchanges";

} // namespace

std::string exchange_head() {
  return boost::json::serialize(boost::json::object{
      {"format", format_name}, {"version", exchange_version}});
}

result<void> check_exchange_head(std::string_view line) {
  const auto parsed = parse_json(line, {4'096, 4, 64});
  const auto* head = parsed ? parsed->if_object() : nullptr;
  const auto* format = head ? head->if_contains("format") : nullptr;
  if (format == nullptr || *format != format_name)
    return fail(errc::malformed_message, "this is no recording of models");
  const auto* version = head->if_contains("version");
  if (version == nullptr || !version->is_int64())
    return fail(errc::malformed_message, "the recording has no version");
  if (version->get_int64() != exchange_version)
    return fail(errc::malformed_message,
                "a recording of version " + std::to_string(version->get_int64())
                    + "; this troupe reads version "
                    + std::to_string(exchange_version));
  return {};
}

std::string to_line(const model_exchange& exchange) {
  return boost::json::serialize(to_json(exchange));
}

result<model_exchange> exchange_of(std::string_view line) {
  json_limits limits;
  limits.bytes_max = exchange_line_bytes_max;
  const auto parsed = parse_json(line, limits);
  if (!parsed)
    return parsed.error();
  auto exchange = from_json<model_exchange>(*parsed);
  if (!exchange)
    return exchange;
  if (exchange->reply.has_value() == exchange->failure.has_value())
    return fail(errc::malformed_message,
                "an exchange has either a reply or a failure");
  return exchange;
}

} // namespace troupe::protocol
