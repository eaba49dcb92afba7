#include "troupe/testing/model_script.hpp"

#include <utility>

namespace troupe::testing {

using protocol::errc;

model_script& model_script::add(model_act act) {
  acts_.push_back(std::move(act));
  return *this;
}

model_script& model_script::says(std::string text) {
  model_act act;
  act.outcome->content = {protocol::text_part{std::move(text)}};
  return add(std::move(act));
}

model_script& model_script::calls_tool(std::string name,
                                       std::string arguments) {
  model_act act;
  act.outcome->content = {
      protocol::tool_call{"call-" + std::to_string(acts_.size() + 1),
                          std::move(name), std::move(arguments)}};
  act.outcome->stop = protocol::stop_reason::tool_use;
  return add(std::move(act));
}

model_script& model_script::fails(errc code, protocol::duration retry_after) {
  model_act act;
  auto why = protocol::fail(code, "as its script says");
  why.retry_after = retry_after;
  act.outcome = std::move(why);
  return add(std::move(act));
}

model_script& model_script::breaks_off(std::string text) {
  model_act act;
  act.pieces.push_back(std::move(text));
  act.outcome = protocol::fail(errc::stream_truncated, "as its script says");
  return add(std::move(act));
}

model_script& model_script::hangs() {
  model_act act;
  act.hangs = true;
  return add(std::move(act));
}

model_script& model_script::takes(protocol::duration time) {
  if (!acts_.empty())
    acts_.back().after = time;
  return *this;
}

model_script& model_script::reports(std::uint64_t input, std::uint64_t output) {
  if (!acts_.empty() && acts_.back().outcome) {
    acts_.back().outcome->used.input = input;
    acts_.back().outcome->used.output = output;
  }
  return *this;
}

model_script& model_script::always() {
  is_endless_ = true;
  return *this;
}

const model_act* model_script::next() {
  if (at_ < acts_.size())
    return &acts_[at_++];
  return is_endless_ && !acts_.empty() ? &acts_.back() : nullptr;
}

std::size_t model_script::left() const noexcept {
  const auto rest = acts_.size() - at_;
  return rest == 0 && is_endless_ && !acts_.empty() ? 1 : rest;
}

} // namespace troupe::testing
