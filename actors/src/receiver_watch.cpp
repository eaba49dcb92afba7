#include "receiver_watch.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace troupe::actors {

namespace {

/// Who is told of a receiver's end.
struct watcher {
  caf::weak_actor_ptr who;
  caf::message_id told_as;
};

/// Something that is done with the watch of a receiver.
struct errand {
  enum class type : std::uint8_t { join, leave, count };
  /// None of CAF's own, which are small.
  static constexpr std::size_t token_type = 0x74726f75;

  type what;
  const watcher* by = nullptr;
  std::size_t* found = nullptr;
};

/// The one attachable of a receiver for all who ask it. CAF opens the list of
/// attachables only to those who search it for something to detach; so a
/// search is how it is reached, and the receiver's own lock guards it.
class watch : public caf::attachable {
public:
  watch(caf::actor_control_block* receiver, const watcher& first)
      : receiver_(receiver) {
    add(first);
  }

  /// True: nobody needs it any more, and the receiver lets go of it.
  bool matches(const token& what) override {
    if (what.subtype != errand::token_type)
      return false;
    const auto& it = *static_cast<const errand*>(what.ptr);
    switch (it.what) {
    case errand::type::join:
      if (std::exchange(*it.found, 1) == 0)
        add(*it.by);
      return false;
    case errand::type::leave:
      return watchers_.erase(key_of(*it.by)) != 0 && watchers_.empty();
    case errand::type::count:
      *it.found += watchers_.size();
    }
    return false;
  }

  /// The receiver has let go of its list before, so nobody else is here.
  void actor_exited(const caf::error&, caf::execution_unit* host) override {
    for (const auto& [key, it] : watchers_)
      if (const auto asker = it.who.lock())
        asker->enqueue(caf::make_mailbox_element(nullptr, it.told_as, {},
                                                 receiver_ended{receiver_}),
                       host);
  }

private:
  void add(const watcher& it) { watchers_.emplace(key_of(it), it); }

  caf::weak_actor_ptr receiver_;
  /// By their ids, so that they are told in the same order in each run; ids of
  /// several nodes may be equal.
  using key = std::pair<caf::actor_id, const caf::actor_control_block*>;
  static key key_of(const watcher& it) {
    return {it.who.get()->aid, it.who.get()};
  }

  std::map<key, watcher> watchers_;
};

std::size_t run(caf::actor_control_block* receiver, errand::type what,
                const watcher* by = nullptr) {
  std::size_t found = 0;
  const errand it{what, by, &found};
  receiver->get()->detach(caf::attachable::token{it});
  return found;
}

} // namespace

receiver_watch::receiver_watch(caf::actor_control_block* asker,
                               caf::message_id told_as)
    : asker_(asker), told_as_(told_as) {}

receiver_watch::~receiver_watch() {
  for (index at = 0; at < places_.size(); ++at)
    if (places_[at].receiver)
      drop(at);
}

void receiver_watch::find(caf::actor_control_block* receiver) {
  const auto found = by_receiver_.find(receiver);
  if (found != by_receiver_.end()) {
    latest_at_ = found->second;
  } else {
    drop_idle();
    if (free_.empty()) {
      free_.push_back(static_cast<index>(places_.size()));
      places_.emplace_back();
    }
    latest_at_ = free_.back();
    free_.pop_back();
    places_[latest_at_].receiver = caf::weak_actor_ptr{receiver};
    by_receiver_.emplace(receiver, latest_at_);
    // Two who find none at the same time make two, which does no harm.
    const watcher me{asker_, told_as_};
    if (run(receiver, errand::type::join, &me) == 0)
      receiver->get()->attach(std::make_unique<watch>(receiver, me));
  }
  latest_ = receiver;
}

receiver_watch::index
receiver_watch::forget(const caf::weak_actor_ptr& receiver) {
  const auto found = by_receiver_.find(receiver.get());
  if (found == by_receiver_.end())
    return none;
  const auto at = found->second;
  drop(at);
  return at;
}

void receiver_watch::drop(index at) {
  const auto gone = std::exchange(places_[at], {}).receiver;
  by_receiver_.erase(gone.get());
  free_.push_back(at);
  if (latest_ == gone.get())
    latest_ = nullptr;
  if (const auto receiver = gone.lock()) {
    const watcher me{asker_, told_as_};
    run(receiver.get(), errand::type::leave, &me);
  }
}

/// Looks only when twice as many are watched as were left the last time.
void receiver_watch::drop_idle() {
  if (by_receiver_.size() < sweep_at_)
    return;
  for (index at = 0; at < places_.size(); ++at)
    if (places_[at].receiver && places_[at].open == 0)
      drop(at);
  sweep_at_ = std::max(idle_max, 2 * by_receiver_.size());
}

std::size_t watchers_of(caf::actor_control_block* receiver) {
  return run(receiver, errand::type::count);
}

} // namespace troupe::actors
