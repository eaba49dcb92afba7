#pragma once

#include <troupe/protocol/envelope.hpp>
#include <troupe/protocol/model.hpp>
#include <troupe/protocol/result.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace troupe::test {

/// What has come of a request so far.
template <class Answer>
struct asked {
  std::optional<protocol::result<Answer>> outcome;
  std::uint32_t answers = 0;
  std::vector<protocol::notification<protocol::model_delta>> deltas;

  [[nodiscard]] bool is_open() const { return !outcome.has_value(); }
  /// The code of its failure; none while it is open or when it went well.
  [[nodiscard]] std::optional<protocol::errc> code() const {
    if (!outcome || outcome->has_value())
      return std::nullopt;
    return outcome->error().code;
  }
};

} // namespace troupe::test
