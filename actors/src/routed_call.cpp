#include "routed_call.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::instant;
using protocol::model_reply;

namespace {

void append(std::vector<protocol::content_part>& to,
            std::vector<protocol::content_part> more) {
  for (auto& part : more) {
    auto* text = std::get_if<protocol::text_part>(&part);
    auto* last =
        to.empty() ? nullptr : std::get_if<protocol::text_part>(&to.back());
    if (text != nullptr && last != nullptr)
      last->text += text->text;
    else
      to.push_back(std::move(part));
  }
}

} // namespace

model_reply joined(std::optional<model_reply> first, model_reply more) {
  if (!first)
    return more;
  append(first->content, std::move(more.content));
  first->stop = more.stop;
  first->used += more.used;
  first->cost += more.cost;
  return std::move(*first);
}

protocol::error why_given_up(const routed_call& call,
                             const protocol::error& untried, instant first,
                             instant now) {
  auto why = call.attempts == 0 ? untried : call.failure;
  // Who has made one attempt only may be asked again by those above.
  why.retries_spent = call.candidates.empty() || call.attempts > 1;
  if (first != instant::max())
    why.retry_after = std::max(protocol::duration{}, first - now);
  return why;
}

} // namespace troupe::actors
