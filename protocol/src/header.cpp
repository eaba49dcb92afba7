#include "troupe/protocol/header.hpp"

#include <algorithm>

namespace troupe::protocol {

header child_of(const header& parent, id message, instant deadline) {
  header child;
  child.message = message;
  child.conversation = parent.conversation;
  child.trace = parent.trace;
  child.parent_span = parent.parent_span;
  child.from = parent.to;
  child.urgency = parent.urgency;
  child.deadline = earlier_deadline(parent.deadline, deadline);
  child.cancel_scope = parent.cancel_scope;
  child.content = parent.content;
  return child;
}

header answer_to(const header& request, id message) {
  header answer;
  answer.message = message;
  answer.correlation = request.message;
  answer.conversation = request.conversation;
  answer.trace = request.trace;
  answer.parent_span = request.parent_span;
  answer.from = request.to;
  answer.to = request.from;
  answer.urgency = request.urgency;
  answer.content = request.content;
  return answer;
}

instant earlier_deadline(instant a, instant b) noexcept {
  if (a == instant{})
    return b;
  return b == instant{} ? a : std::min(a, b);
}

} // namespace troupe::protocol
