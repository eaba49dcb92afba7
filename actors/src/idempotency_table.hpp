#pragma once

#include <troupe/protocol/id.hpp>
#include <troupe/protocol/time.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe::actors {

/// What an actor remembers of requests by their idempotency key.
struct idempotency_limits {
  std::size_t keys_max = 10'000;      ///< Open and answered together.
  std::size_t bytes_max = 64U << 20U; ///< Of all remembered answers.
  std::size_t waiting_max = 100;      ///< Repetitions of one open request.
  protocol::duration window = std::chrono::hours{24};
};

/// Decides about requests that carry a key: the first with a key is worked on,
/// later ones with the same body wait for its answer or get it again, one with
/// another body is a conflict. An answer is remembered for the window, or until
/// newer answers need its place; a request is never forgotten while it is open.
/// A key stands for one sender's: who has several makes them part of it.
/// `Answer` and `Waiter` are values. Not thread-safe.
template <class Answer, class Waiter>
class idempotency_table {
public:
  explicit idempotency_table(idempotency_limits limits = {})
      : limits_(limits) {}

  enum class step {
    start,    ///< Work on it; `finish` or `abandon` follows.
    wait,     ///< It is being worked on; the waiter is kept.
    repeat,   ///< Done before; `answer_of` has the answer.
    conflict, ///< The key was used for another body.
    full,     ///< No room; nothing was remembered.
  };

  step begin(const std::string& key, const protocol::id& body, Waiter who,
             protocol::instant now) {
    forget_until(now);
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
      if (entries_.size() >= limits_.keys_max && !forget_oldest())
        return step::full;
      entry fresh;
      fresh.body = body;
      fresh.waiters.push_back(std::move(who));
      entries_.emplace(key, std::move(fresh));
      return step::start;
    }
    auto& it = found->second;
    if (it.body != body)
      return step::conflict;
    if (it.is_done)
      return step::repeat;
    if (it.waiters.size() > limits_.waiting_max)
      return step::full;
    it.waiters.push_back(std::move(who));
    return step::wait;
  }

  [[nodiscard]] const Answer& answer_of(const std::string& key) const {
    return entries_.at(key).answer;
  }

  /// The work under a key has ended in `answer`. Returns who waits for it, the
  /// first requester first.
  std::vector<Waiter> finish(const std::string& key, Answer answer,
                             std::size_t bytes, protocol::instant now) {
    auto& it = entries_.at(key);
    auto waiters = std::move(it.waiters);
    it.waiters.clear();
    it.answer = std::move(answer);
    it.bytes = bytes;
    it.is_done = true;
    bytes_ += bytes;
    done_.emplace_back(now + limits_.window, key);
    while (bytes_ > limits_.bytes_max && forget_oldest())
      ;
    return waiters;
  }

  /// The work has ended in a way that may be tried again: nothing is kept.
  std::vector<Waiter> abandon(const std::string& key) {
    auto waiters = std::move(entries_.at(key).waiters);
    entries_.erase(key);
    return waiters;
  }

  /// Everything that is open ends without an answer. Returns who waits.
  std::vector<Waiter> abandon_all() {
    std::vector<Waiter> waiters;
    for (auto& [key, it] : entries_)
      for (auto& waiter : it.waiters)
        waiters.push_back(std::move(waiter));
    entries_.clear();
    done_.clear();
    bytes_ = 0;
    return waiters;
  }

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
  struct entry {
    protocol::id body;
    std::vector<Waiter> waiters;
    Answer answer{};
    std::size_t bytes = 0;
    bool is_done = false;
  };

  /// Answers end in `done_` in the order in which they lapse.
  bool forget_oldest() {
    if (done_.empty())
      return false;
    const auto found = entries_.find(done_.front().second);
    bytes_ -= found->second.bytes;
    entries_.erase(found);
    done_.pop_front();
    return true;
  }

  void forget_until(protocol::instant now) {
    while (!done_.empty() && done_.front().first <= now)
      forget_oldest();
  }

  idempotency_limits limits_;
  std::unordered_map<std::string, entry> entries_;
  /// Bounded by keys_max: each is in `entries_` too.
  std::deque<std::pair<protocol::instant, std::string>> done_;
  std::size_t bytes_ = 0;
};

} // namespace troupe::actors
