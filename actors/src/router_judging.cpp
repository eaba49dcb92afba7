// What becomes of judgements of the router's answers.
#include "router_impl.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::uint32_t quality_max = 1'000;

} // namespace

caf::result<protocol::response<answer_judged>>
router::judge(const protocol::request<judge_answer>& msg) {
  const auto& [call, quality] = msg.body;
  if (quality > quality_max)
    return to_caf(
        fail(errc::invalid_request, "a quality is 0 to 1000 permille"));
  if (!config_.policy)
    return to_caf(fail(errc::invalid_request,
                       "nothing is learned from answers (routing.learning)"));
  const auto model = config_.policy->judge(call, quality);
  if (!model)
    return to_caf(fail(errc::invalid_request,
                       "the call " + to_string(call)
                           + " is not known, or no more, or judged already"));
  return protocol::response<answer_judged>{
      answer_to(msg.head, ids_.next(now())), {config_.models[*model].id}};
}

} // namespace troupe::actors
