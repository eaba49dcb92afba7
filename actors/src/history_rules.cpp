#include "history_rules.hpp"

#include <troupe/protocol/byte_size.hpp>

#include <boost/json/serialize.hpp>

#include <utility>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::find_messages;
using protocol::header;
using protocol::instant;

namespace {

constexpr std::uint32_t count_most = 1'000;
constexpr std::size_t entry_overhead = 64; ///< Its place in ring and index.

bool is_match(const find_messages& ask, const header& head) {
  return (!ask.conversation || head.conversation == ask.conversation)
         && (ask.agent.empty() || head.from == ask.agent
             || head.to == ask.agent);
}

} // namespace

history_rules::history_rules(const history_limits& limits,
                             const redaction_config& hide)
    : limits_(limits), redactor_(hide.secrets) {}

bool history_rules::add(const protocol::any_message& message, instant at) {
  entry it;
  it.at = at;
  auto body = std::visit(
      [&](const auto& m) {
        using envelope = std::decay_t<decltype(m)>;
        it.kind = envelope::kind;
        it.type = protocol::body_name<decltype(envelope::body)>;
        it.head = m.head;
        return protocol::to_json(m.body);
      },
      message);
  redactor_.redact(body);
  const auto text = boost::json::serialize(body);
  if (text.size() > limits_.body_bytes_max) {
    ++too_large_;
    return false;
  }
  hide(it.head);
  it.body = pieces_.add(text);
  it.bytes = protocol::byte_size(it.head) + entry_overhead
             + it.body.size() * sizeof(void*);
  keep(std::move(it));
  give_up_before(at - limits_.age_max);
  while (entries_.size() > limits_.entries_max || bytes() > limits_.bytes_max)
    give_up_oldest();
  return true;
}

void history_rules::hide(header& head) const {
  head.from = redactor_.redacted(head.from);
  head.to = redactor_.redacted(head.to);
  head.idempotency_key = redactor_.redacted(head.idempotency_key);
}

void history_rules::keep(entry it) {
  const auto sequence = first_ + entries_.size();
  if (const auto conversation = it.head.conversation) {
    auto& links = conversations_[conversation];
    if (links.last != 0)
      entries_[links.last - first_].next = sequence;
    else
      links.first = sequence;
    links.last = sequence;
  }
  bytes_ += it.bytes;
  entries_.push_back(std::move(it));
}

void history_rules::give_up_oldest() {
  const auto& oldest = entries_.front();
  const auto found = conversations_.find(oldest.head.conversation);
  if (found != conversations_.end()) {
    found->second.first = oldest.next;
    if (oldest.next == 0)
      conversations_.erase(found);
  }
  bytes_ -= oldest.bytes;
  pieces_.remove(oldest.body);
  entries_.pop_front();
  ++first_;
}

void history_rules::give_up_before(instant when) {
  while (!entries_.empty() && entries_.front().at < when)
    give_up_oldest();
}

/// The first to be looked at; 0: none.
std::uint64_t history_rules::first_candidate(const find_messages& ask) const {
  if (!ask.conversation) {
    const auto sequence = std::max(first_, ask.after + 1);
    return is_kept(sequence) && ask.after + 1 != 0 ? sequence : 0;
  }
  const auto found = conversations_.find(ask.conversation);
  if (found == conversations_.end())
    return 0;
  if (is_kept(ask.after) && at(ask.after).head.conversation == ask.conversation)
    return at(ask.after).next;
  auto sequence = found->second.first;
  while (sequence != 0 && sequence <= ask.after)
    sequence = at(sequence).next;
  return sequence;
}

std::uint64_t history_rules::following(const find_messages& ask,
                                       std::uint64_t sequence) const {
  if (ask.conversation)
    return at(sequence).next;
  return is_kept(sequence + 1) ? sequence + 1 : 0;
}

protocol::result<protocol::messages_found>
history_rules::find(const find_messages& ask, instant now) {
  if (ask.count_max == 0 || ask.count_max > count_most)
    return fail(errc::invalid_request, "count_max must be from 1 to 1,000");
  const auto too_old = now - limits_.age_max;
  give_up_before(too_old);
  protocol::messages_found page;
  page.reached = ask.after;
  page.oldest = entries_.empty() ? 0 : first_;
  std::size_t bytes = 0;
  std::size_t looked_at = 0;
  auto next = first_candidate(ask);
  for (; next != 0; next = following(ask, next)) {
    if (++looked_at > limits_.looked_at_max)
      break;
    const auto& it = at(next);
    const bool wanted = is_match(ask, it.head) && it.at >= too_old
                        && (!ask.kind || it.kind == *ask.kind)
                        && (ask.type.empty() || it.type == ask.type)
                        && (ask.from == instant{} || it.at >= ask.from)
                        && (ask.until == instant{} || it.at < ask.until);
    if (wanted) {
      bytes += piece_store::size_of(it.body);
      if (page.messages.size() == ask.count_max
          || (bytes > limits_.page_bytes_max && !page.messages.empty()))
        break;
      page.messages.push_back({next, it.at, it.kind, std::string{it.type},
                               it.head, piece_store::join(it.body)});
    }
    page.reached = next;
  }
  page.has_more = next != 0;
  return page;
}

history_figures history_rules::figures() const noexcept {
  const auto newest = first_ + entries_.size() - 1;
  return {newest,  first_ - 1,     too_large_,           entries_.size(),
          bytes(), pieces_.size(), conversations_.size()};
}

} // namespace troupe::actors
