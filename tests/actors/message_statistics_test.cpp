#include "troupe/actors/message_statistics.hpp"

#include <latch>
#include <thread>
#include <vector>

using namespace troupe::actors;

TEST_CASE("no count of any thread is lost, however many count at one time",
          "[message_statistics]") {
  constexpr std::size_t threads = 100; // more than there are own lines
  constexpr std::uint64_t each = 10'000;
  message_statistics one;
  message_statistics other;
  std::latch all_there{threads};
  std::vector<std::thread> counting;
  for (std::size_t i = 0; i < threads; ++i)
    counting.emplace_back([&] {
      one.add(message_count::requests);
      all_there.arrive_and_wait();
      for (std::uint64_t k = 1; k < each; ++k)
        one.add(message_count::requests);
      other.add(message_count::late);
    });
  for (auto& it : counting)
    it.join();
  CHECK(one.count(message_count::requests) == threads * each);
  CHECK(one.count(message_count::late) == 0);
  CHECK(other.counts().late == threads);
}

TEST_CASE("threads that follow each other lose no count",
          "[message_statistics]") {
  message_statistics counts;
  for (int i = 0; i < 200; ++i)
    std::thread{[&] {
      counts.add(message_count::answered);
    }}.join();
  CHECK(counts.count(message_count::answered) == 200);
}

TEST_CASE("what a thread counts while it ends is not lost",
          "[message_statistics]") {
  static message_statistics counts;
  struct late_counter {
    ~late_counter() { counts.add(message_count::dropped); }
  };
  for (int i = 0; i < 100; ++i)
    std::thread{[] {
      // Made before the thread counts, so that it goes after.
      thread_local const late_counter last;
      (void)&last;
      counts.add(message_count::accepted);
    }}.join();
  CHECK(counts.count(message_count::dropped) == 100);
  CHECK(counts.count(message_count::accepted) == 100);
}
