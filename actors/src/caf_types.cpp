#include "troupe/actors/caf_types.hpp"

#include <troupe/protocol/describe.hpp>

#include <caf/atom.hpp>
#include <caf/exit_reason.hpp>

namespace troupe::actors {

using protocol::errc;

namespace {

constexpr auto category = caf::atom("troupe");

errc nearest_code(const caf::error& failure) {
  if (!failure) // CAF reads through a null pointer there
    return errc::internal;
  if (failure.category() == caf::atom("exit"))
    return errc::unreachable;
  if (failure == caf::sec::request_receiver_down)
    return errc::unreachable;
  if (failure == caf::sec::request_timeout)
    return errc::deadline_exceeded;
  if (failure == caf::sec::runtime_error)
    return errc::agent_failed;
  return errc::internal;
}

} // namespace

caf::error to_caf(const protocol::error& failure) {
  return caf::error{
      static_cast<std::uint8_t>(failure.code), category,
      caf::make_message(failure.detail, failure.retry_after.count(),
                        failure.retries_spent, failure.affordable.value_or(-1),
                        failure.effect)};
}

protocol::error from_caf(const caf::error& failure) {
  if (!failure || failure.category() != category)
    return protocol::fail(nearest_code(failure),
                          "the receiver ended or failed");
  auto result = protocol::fail(static_cast<errc>(failure.code()), {});
  if (!protocol::is_described_value(result.code))
    result.code = errc::internal; // of a later version
  const auto& said = failure.context();
  if (said.match_elements<std::string, std::int64_t, bool, std::int64_t,
                          std::string>()) {
    result.detail = said.get_as<std::string>(0);
    result.retry_after = protocol::duration{said.get_as<std::int64_t>(1)};
    result.retries_spent = said.get_as<bool>(2);
    if (const auto affordable = said.get_as<std::int64_t>(3); affordable >= 0)
      result.affordable = affordable;
    result.effect = said.get_as<std::string>(4);
  }
  return result;
}

} // namespace troupe::actors
