#include "deadline_table.hpp"

#include "requests.hpp"

#include <algorithm>

namespace troupe::actors {

namespace {

/// Requests of ours carry this bit, so that CAF's own are told apart; below it
/// the round and the position of the entry.
constexpr std::uint64_t mark = 1ULL << 59U;
constexpr unsigned slot_bits = 24;
constexpr std::uint64_t slot_mask = (1ULL << slot_bits) - 1;
constexpr std::uint64_t round_max = (1ULL << (59 - slot_bits)) - 1;

/// No request's id, since rounds start at 1: under it the ends of receivers
/// are told. Of normal priority as all answers, which they must not overtake.
constexpr caf::message_id told_as{caf::message_id::response_flag_mask
                                  | caf::message_id::default_async_value
                                  | mark};

class alarm : public deadline_table::entry {
public:
  explicit alarm(std::function<void()> ring) : ring_(std::move(ring)) {}
  void answer(caf::type_erased_tuple&) override {}
  void give_up(protocol::error) override { ring_(); }

private:
  std::function<void()> ring_;
};

message_count outcome_of(const caf::type_erased_tuple& content) {
  if (!content.match_elements<caf::error>())
    return message_count::answered;
  return actors::outcome_of(from_caf(content.get_as<caf::error>(0)).code);
}

} // namespace

protocol::error failure_in(caf::type_erased_tuple& content) {
  if (content.match_elements<caf::error>())
    return from_caf(content.get_as<caf::error>(0));
  return protocol::fail(protocol::errc::internal,
                        "an answer of an unexpected type");
}

void deadline_table::close() {
  for (const auto& it : slots_)
    if (it.what && it.is_request)
      counts_->add(message_count::cancelled);
  slots_.clear();
  free_.clear();
  heap_.clear();
  receivers_.reset();
  open_ = 0;
}

deadline_table::key deadline_table::put(time_point due,
                                        std::unique_ptr<entry> what,
                                        bool is_request) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const auto at = free_.back();
  free_.pop_back();
  auto& it = slots_[at];
  it.what = std::move(what);
  it.is_request = is_request;
  it.round = it.round == round_max ? 1 : it.round + 1;
  ++open_;
  const auto which = (it.round << slot_bits) | at;
  if (due != never) {
    heap_.push_back({due, ++added_, which});
    std::push_heap(heap_.begin(), heap_.end(), is_later);
  }
  return which;
}

bool deadline_table::is_later(const wait& a, const wait& b) noexcept {
  return a.due != b.due ? a.due > b.due : a.order > b.order;
}

bool deadline_table::is_open(key which) const noexcept {
  const auto at = which & slot_mask;
  return at < slots_.size() && slots_[at].what != nullptr
         && slots_[at].round == which >> slot_bits;
}

std::unique_ptr<deadline_table::entry> deadline_table::take(key which) {
  auto& it = slots_[which & slot_mask];
  free_.push_back(static_cast<std::uint32_t>(which & slot_mask));
  --open_;
  if (it.receiver != receiver_watch::none)
    receivers_->request_ended(std::exchange(it.receiver, receiver_watch::none));
  return std::move(it.what);
}

deadline_table::key deadline_table::add(time_point due,
                                        std::function<void()> ring) {
  return put(due, std::make_unique<alarm>(std::move(ring)), false);
}

bool deadline_table::remove(key which) {
  if (!is_open(which))
    return false;
  (void)take(which);
  drop_stale();
  return true;
}

caf::message_id deadline_table::open_request(time_point due,
                                             message_statistics& counts,
                                             std::unique_ptr<entry> what) {
  counts_ = &counts;
  counts.add(message_count::requests);
  const auto which = put(due, std::move(what), true);
  return caf::message_id{caf::message_id::default_async_value | mark | which};
}

void deadline_table::watch(caf::message_id request,
                           caf::actor_control_block* self,
                           caf::actor_control_block* receiver) {
  if (receivers_ == nullptr)
    receivers_ = std::make_unique<receiver_watch>(self, told_as);
  slots_[request.integer_value() & slot_mask].receiver =
      receivers_->request_sent(receiver);
}

bool deadline_table::take_response(caf::mailbox_element& what) {
  const auto number = what.mid.request_id().integer_value();
  if ((number & mark) == 0 || counts_ == nullptr)
    return false;
  const auto which = number & ~mark & caf::message_id::request_id_mask;
  if (which == 0 && what.content().match_elements<receiver_ended>()) {
    give_up_all_at(what.content().get_as<receiver_ended>(0).who);
    return true;
  }
  if (!is_open(which)) {
    counts_->add(message_count::late);
    return true;
  }
  const auto waiting = take(which);
  drop_stale();
  counts_->add(outcome_of(what.content()));
  waiting->answer(what.content());
  return true;
}

/// Entries that have gone stay in the heap until they are half of it.
void deadline_table::drop_stale() {
  if (heap_.size() < 64 || heap_.size() < 2 * open_)
    return;
  heap_.erase(
      std::remove_if(heap_.begin(), heap_.end(),
                     [this](const wait& it) { return !is_open(it.which); }),
      heap_.end());
  std::make_heap(heap_.begin(), heap_.end(), is_later);
}

deadline_table::time_point deadline_table::earliest() {
  while (!heap_.empty() && !is_open(heap_.front().which)) {
    std::pop_heap(heap_.begin(), heap_.end(), is_later);
    heap_.pop_back();
  }
  return heap_.empty() ? never : heap_.front().due;
}

void deadline_table::give_up(key which, message_count as,
                             const protocol::error& why) {
  const bool is_request = slots_[which & slot_mask].is_request;
  const auto waiting = take(which);
  if (is_request)
    counts_->add(as);
  waiting->give_up(why);
}

void deadline_table::give_up_until(time_point now) {
  const auto why = protocol::fail(protocol::errc::deadline_exceeded,
                                  "no answer came in time");
  while (earliest() <= now) {
    // Taken out first: giving up may add or remove entries.
    const auto which = heap_.front().which;
    std::pop_heap(heap_.begin(), heap_.end(), is_later);
    heap_.pop_back();
    give_up(which, message_count::timed_out, why);
  }
}

void deadline_table::give_up_all_at(const caf::weak_actor_ptr& receiver) {
  const auto at = receivers_ == nullptr ? receiver_watch::none
                                        : receivers_->forget(receiver);
  if (at == receiver_watch::none)
    return;
  // All are found first: giving up may ask others, under the same index.
  std::vector<key> lost;
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].receiver == at) {
      slots_[i].receiver = receiver_watch::none;
      lost.push_back((slots_[i].round << slot_bits) | i);
    }
  const auto why =
      protocol::fail(protocol::errc::unreachable, "the receiver has ended");
  for (const auto which : lost)
    if (is_open(which))
      give_up(which, message_count::unreachable, why);
  drop_stale();
}

} // namespace troupe::actors
