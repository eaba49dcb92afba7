#include "job_queue.hpp"
#include "support/catch.hpp"
#include "troupe/actors/system_config.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <random>
#include <thread>

using namespace troupe::actors;

namespace {

/// A job that is never run, only counted.
struct job : caf::resumable {
  resume_result resume(caf::execution_unit*, std::size_t) override {
    return done;
  }
  void intrusive_ptr_add_ref_impl() override {}
  void intrusive_ptr_release_impl() override {}

  std::atomic<int> taken{0};
};

} // namespace

TEST_CASE("Jobs come out in the order they went in, however many wait",
          "[job_queue]") {
  const auto seed = GENERATE(range(1U, 9U));
  std::mt19937 random{seed};
  std::vector<job> jobs(1'000);
  job_queue queue;
  std::deque<caf::resumable*> model;
  std::size_t next = 0;
  for (int i = 0; i < 20'000; ++i) {
    // Up to 600 wait: the ring grows twice, and turns around many times.
    const bool goes_in =
        model.size() < 600 && (model.empty() || random() % 1'000 > i % 1'000U);
    if (goes_in) {
      auto* it = &jobs[next++ % jobs.size()];
      queue.push(it);
      model.push_back(it);
      continue;
    }
    REQUIRE(queue.try_pop() == model.front());
    model.pop_front();
  }
  for (; !model.empty(); model.pop_front())
    REQUIRE(queue.pop() == model.front());
  CHECK(queue.try_pop() == nullptr);
}

TEST_CASE("Each job goes to one worker, and each sleeping worker is woken",
          "[job_queue]") {
  constexpr std::size_t count = 100'000, workers = 3;
  std::vector<job> jobs(count);
  std::vector<job> ends(workers);
  std::atomic<std::size_t> handled{0};
  job_queue queue;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < workers; ++i)
    threads.emplace_back([&] {
      for (;;) {
        auto* it = static_cast<job*>(queue.pop());
        ++it->taken;
        if (it >= ends.data() && it < ends.data() + ends.size())
          return;
        ++handled;
      }
    });
  // Now and then all of it is done, so that the workers sleep.
  for (std::size_t i = 0; i < count; ++i) {
    queue.push(&jobs[i]);
    if (i % 1'000 == 0)
      while (handled <= i)
        std::this_thread::yield();
  }
  while (handled < count)
    std::this_thread::yield();
  for (auto& it : ends)
    queue.push(&it);
  for (auto& it : threads)
    it.join();
  const auto once = [](const job& it) {
    return it.taken == 1;
  };
  CHECK(std::all_of(jobs.begin(), jobs.end(), once));
  CHECK(std::all_of(ends.begin(), ends.end(), once));
}

TEST_CASE("A system ends while actors still wait for their turn",
          "[job_queue]") {
  const auto seen = std::make_shared<std::atomic<int>>(0);
  {
    system_config config{2};
    caf::actor_system system{config};
    for (int i = 0; i < 1'000; ++i) {
      const auto it = system.spawn([seen](caf::event_based_actor* self) {
        return caf::behavior{[=](int) {
          ++*seen;
          self->quit();
        }};
      });
      caf::anon_send(it, i);
    }
  }
  CHECK(*seen == 1'000);
}
