#include "troupe/actors/mailbox.hpp"

#include <array>
#include <atomic>
#include <thread>
#include <vector>

using namespace troupe::actors;

namespace {

mailbox_limits room_for(std::uint32_t messages, std::uint64_t bytes) {
  mailbox_limits limits;
  limits.messages_max = messages;
  limits.bytes_max = bytes;
  return limits;
}

/// Threads that send at one time. Each has one message in the mailbox at most.
/// None waits for another, which on a busy machine takes long.
struct crowd {
  static constexpr std::uint32_t senders = 4;
  static constexpr std::uint32_t each = 200'000; // tries

  explicit crowd(std::uint32_t messages) : limits(room_for(messages, 1'000)) {}

  void send_all() {
    std::vector<std::thread> threads;
    for (auto& it : is_in)
      threads.emplace_back([&] { send(it); });
    while (sending > 0)
      take_out();
    for (auto& it : threads)
      it.join();
    take_out();
  }

  void send(std::atomic<bool>& mine) {
    for (std::uint32_t i = 0; i < each; ++i) {
      if (mine.load(std::memory_order_acquire))
        continue;
      if (!gate.enter(7, limits)) {
        ++refused;
        continue;
      }
      ++entered;
      const auto depth = ++inside;
      for (auto seen = deepest.load();
           seen < depth && !deepest.compare_exchange_weak(seen, depth);) {
      }
      mine.store(true, std::memory_order_release);
    }
    --sending;
  }

  void take_out() {
    for (auto& it : is_in) {
      if (!it.load(std::memory_order_acquire))
        continue;
      --inside;
      gate.leave(7);
      ++left;
      it.store(false, std::memory_order_release);
    }
  }

  mailbox_limits limits;
  mailbox_gate gate;
  std::array<std::atomic<bool>, senders> is_in{};
  std::atomic<std::uint32_t> sending{senders};
  std::atomic<std::uint32_t> entered{0}, refused{0}, inside{0}, deepest{0};
  std::uint32_t left = 0;
};

} // namespace

TEST_CASE("a mailbox takes as many messages and bytes as it may hold",
          "[mailbox_gate]") {
  mailbox_gate gate;
  const auto limits = room_for(3, 100);
  CHECK(gate.enter(40, limits));
  CHECK(gate.enter(60, limits));
  CHECK_FALSE(gate.enter(1, limits)); // bytes
  CHECK(gate.enter(0, limits));
  CHECK_FALSE(gate.enter(0, limits)); // messages
  CHECK(gate.now().messages == 3);
  CHECK(gate.now().bytes == 100);
  gate.leave(40);
  CHECK(gate.now().messages == 2);
  CHECK(gate.now().bytes == 60);
  CHECK(gate.enter(40, limits));
}

TEST_CASE("a mailbox counts on when all that went through it wraps around",
          "[mailbox_gate]") {
  constexpr std::uint64_t largest = (1ULL << 40) - 1;
  constexpr int enough = (1 << 23) + 1'000; // 2^64 in messages and bytes
  mailbox_gate gate;
  const auto limits = room_for(1, largest);
  int taken = 0;
  for (int i = 0; i < enough; ++i) {
    taken += gate.enter(largest, limits) ? 1 : 0;
    gate.leave(largest);
  }
  CHECK(taken == enough);
  CHECK(gate.now().messages == 0);
  CHECK(gate.enter(largest, limits));
  CHECK_FALSE(gate.enter(0, limits));
}

TEST_CASE("M1: senders never bring a mailbox over its bound, and none is "
          "refused while there is room for all",
          "[mailbox_gate]") {
  const bool is_tight = GENERATE(false, true);
  crowd it{is_tight ? 2 : crowd::senders};
  it.send_all();
  CHECK(it.deepest <= it.limits.messages_max);
  CHECK(it.left == it.entered);
  CHECK(it.entered > 0);
  CHECK(it.gate.now().messages == 0);
  CHECK(it.gate.now().bytes == 0);
  if (!is_tight)
    CHECK(it.refused == 0);
}
